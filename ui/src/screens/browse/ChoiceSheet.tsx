import { Check } from 'lucide-react';
import { Sheet } from '../../components/Sheet';
import { useFocusTarget } from '../../input/useFocusTarget';
import css from './ChoiceSheet.module.css';
import type { Filters } from './filters';

export interface Choice {
  value: string;
  label: string;
  /** What choosing it changes. */
  set: Partial<Filters>;
  isCurrent: boolean;
}

interface ChoiceSheetProps {
  name: string;
  heading: string;
  columns: 1 | 2;
  choices: Choice[];
  onChoose: (set: Partial<Filters>) => void;
}

/** The choices of one filter; the one that holds has the focus first. */
export function ChoiceSheet({ name, heading, columns, choices, onChoose }: ChoiceSheetProps) {
  const current = choices.find(choice => choice.isCurrent) ?? choices[0];
  const sheet = `choices-${name}`;
  return (
    <Sheet name={sheet} heading={heading} preferred={current && `${sheet}-${current.value}`}>
      <div
        className={css.choices}
        style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
      >
        {choices.map(choice => (
          <ChoiceButton
            key={choice.value}
            name={`${sheet}-${choice.value}`}
            choice={choice}
            onClick={() => onChoose(choice.set)}
          />
        ))}
      </div>
    </Sheet>
  );
}

function ChoiceButton(props: { name: string; choice: Choice; onClick: () => void }) {
  const { label, isCurrent } = props.choice;
  const { ref, props: focus } = useFocusTarget<HTMLButtonElement>({ name: props.name });
  return (
    <button
      ref={ref}
      {...focus}
      type="button"
      className={css.choice}
      aria-pressed={isCurrent}
      onClick={props.onClick}
    >
      <span className={css.label}>{label}</span>
      {isCurrent && <Check aria-hidden className={css.check} />}
    </button>
  );
}
