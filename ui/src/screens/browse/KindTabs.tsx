import type { Title } from '../../api/types';
import { t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import { useFocusTarget } from '../../input/useFocusTarget';
import css from './KindTabs.module.css';

type Kind = Title['kind'];

export const kindTabsName = 'kinds';

interface KindTabsProps {
  kind: Kind;
  onChange: (kind: Kind) => void;
}

/** Films or shows: the largest choice, so it stands where other screens have their heading. */
export function KindTabs({ kind, onChange }: KindTabsProps) {
  return (
    <FocusGroup
      name={kindTabsName}
      preferred={`kind-${kind}`}
      remembersLast={false}
      role="group"
      label={t('browse.kind')}
      className={css.tabs}
    >
      {(['movie', 'show'] as const).map(each => (
        <Tab key={each} kind={each} isCurrent={each === kind} onChoose={() => onChange(each)} />
      ))}
    </FocusGroup>
  );
}

function Tab(props: { kind: Kind; isCurrent: boolean; onChoose: () => void }) {
  const { ref, props: focus } = useFocusTarget<HTMLButtonElement>({
    name: `kind-${props.kind}`,
    scrolls: false,
  });
  return (
    <button
      ref={ref}
      {...focus}
      type="button"
      className={css.tab}
      aria-pressed={props.isCurrent}
      onClick={props.isCurrent ? undefined : props.onChoose}
    >
      {t(`browse.${props.kind}s`)}
    </button>
  );
}
