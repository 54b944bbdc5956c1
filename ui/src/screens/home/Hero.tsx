import { Info } from 'lucide-react';
import type { Title } from '../../api/types';
import { goTo } from '../../app/history';
import { pathOf, paths } from '../../app/paths';
import { Button } from '../../components/Button';
import { PlayIcon } from '../../components/icons';
import { formatStanding, isResumable } from '../../format/title';
import { t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import { MetaLine } from '../title/MetaLine';
import { TitleName } from '../title/TitleName';
import css from './Hero.module.css';
import { titleKey } from './rowMemory';

/** The large text over the backdrop. It follows the focus; only a phone gives it buttons. */
export function Hero({ title, hasActions }: { title: Title; hasActions: boolean }) {
  const resumable = isResumable(title);
  return (
    <section className={css.hero} aria-live="off">
      <div key={titleKey(title)} className={css.text}>
        <TitleName
          title={title.title}
          logo={title.logo}
          className={title.title.length > 22 ? css.longName : css.name}
        />
        <MetaLine title={title} extra={formatStanding(title)} />
        <p className={css.overview}>{title.overview}</p>
      </div>
      {hasActions && (
        <FocusGroup name="hero-actions" className={css.actions}>
          {title.is_playable && (
            <Button
              kind="primary"
              icon={PlayIcon}
              label={t(resumable ? 'title.resume' : 'title.play')}
              onClick={() => goTo(paths.play(title.id))}
            />
          )}
          <Button icon={Info} label={t('title.details')} onClick={() => goTo(pathOf(title))} />
        </FocusGroup>
      )}
    </section>
  );
}
