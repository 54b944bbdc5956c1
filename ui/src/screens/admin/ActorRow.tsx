import type { ActorStatus } from '../../api/types';
import { formatAgo } from '../../format/time';
import { t } from '../../i18n/t';
import { useFocusTarget } from '../../input/useFocusTarget';
import css from './SupervisionTree.module.css';

interface ActorRowProps {
  actor: ActorStatus;
  isOpen: boolean;
  onToggle: () => void;
}

/** One actor or supervisor, indented by its place in the tree; OK shows what is known about it. */
export function ActorRow({ actor, isOpen, onToggle }: ActorRowProps) {
  const { ref, props } = useFocusTarget<HTMLButtonElement>({ name: `actor-${actor.path}` });
  const level = actor.path.split('/').length - 1;
  const facts = [
    actor.state === 'running' ? null : t(`actor.${actor.state}`),
    actor.restarts > 0 ? t('actor.restarts', { count: actor.restarts }) : null,
    actor.in_flight > 0 ? t('actor.inFlight', { count: actor.in_flight }) : null,
  ];
  return (
    <button
      ref={ref}
      {...props}
      type="button"
      className={`${css.actor} ${css[actor.kind] ?? ''} ${css[actor.state] ?? ''}`}
      aria-expanded={isOpen}
      onClick={onToggle}
    >
      <span className={css.line} style={{ paddingLeft: `${level * 1.9}rem` }}>
        <span className={css.dot} />
        <span className={css.name}>{actor.name}</span>
        <span className={css.facts}>{facts.filter(Boolean).join(' · ')}</span>
      </span>
      {isOpen && (
        <span className={css.more} style={{ marginLeft: `${level * 1.9}rem` }}>
          {t('actor.since', { ago: formatAgo(actor.started_at, Date.now()) })}
          <br />
          {actor.last_error
            ? t('actor.lastError', { error: actor.last_error })
            : t('actor.noError')}
        </span>
      )}
    </button>
  );
}
