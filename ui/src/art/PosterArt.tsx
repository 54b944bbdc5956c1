import { useState } from 'react';
import type { Title } from '../api/types';
import grain from './grain.png';
import { Scene } from './Scene';
import css from './TitleArt.module.css';

/** A title's poster, 2:3. A picture that is missing or broken is drawn instead, with the name on it. */
export function PosterArt({ title }: { title: Title }) {
  const [isBroken, setBroken] = useState(false);
  const seed = `${title.title}·${title.year ?? ''}`;
  if (title.poster && !isBroken) {
    return (
      <span className={css.art} style={{ background: title.tint[1] }}>
        <img
          className={css.image}
          src={title.poster}
          alt=""
          decoding="async"
          onError={() => setBroken(true)}
        />
      </span>
    );
  }
  return (
    <span className={css.art} aria-hidden>
      <Scene className={css.image} scene={title.id} seed={seed} tint={title.tint} />
      <span className={css.shade} />
      <span className={css.grain} style={{ backgroundImage: `url(${grain})` }} />
      <span className={`${css.name} ${css.onPicture}`}>{title.title}</span>
    </span>
  );
}
