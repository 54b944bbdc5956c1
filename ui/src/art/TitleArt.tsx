import { useState } from 'react';
import type { Title } from '../api/types';
import grain from './grain.png';
import { Scene } from './Scene';
import css from './TitleArt.module.css';

const seedOf = (title: Title) => `${title.title}·${title.year ?? ''}`;

/** A title's card picture, 16:9. A picture that is missing or broken is drawn instead. */
export function CardArt({ title }: { title: Title }) {
  const [isBroken, setBroken] = useState(false);
  const picture = isBroken ? null : (title.episode?.still ?? title.still ?? title.poster);
  if (picture) {
    return (
      <span className={css.art} style={{ background: title.tint[1] }}>
        <img className={css.image} src={picture} alt="" onError={() => setBroken(true)} />
        <span className={css.shade} />
        <span className={`${css.name} ${css.onPicture}`}>{title.title}</span>
      </span>
    );
  }
  return (
    <span className={css.art}>
      <Scene className={css.image} scene={title.id} seed={seedOf(title)} tint={title.tint} />
      <span className={css.shade} />
      <span className={css.grain} style={{ backgroundImage: `url(${grain})` }} />
      <span className={`${css.name} ${sizeFor(title.title)}`}>{title.title}</span>
    </span>
  );
}

/** The full-screen picture behind a screen. */
export function BackdropArt({ title }: { title: Title }) {
  const [isBroken, setBroken] = useState(false);
  const picture = isBroken ? null : title.backdrop;
  return (
    <div className={css.art} style={{ background: title.tint[1] }}>
      {picture ? (
        <img className={css.image} src={picture} alt="" onError={() => setBroken(true)} />
      ) : (
        <>
          <Scene className={css.image} scene={title.id} seed={seedOf(title)} tint={title.tint} />
          <span className={css.grain} style={{ backgroundImage: `url(${grain})` }} />
        </>
      )}
    </div>
  );
}

/** Long titles step down so that none needs more than three lines. */
function sizeFor(name: string): string | undefined {
  const longestWord = Math.max(...name.split(/\s+/).map(word => word.length));
  if (name.length > 34 || longestWord > 15) return css.small;
  return name.length > 16 || longestWord > 11 ? css.medium : css.large;
}
