import { ChoiceButton } from '../../components/ChoiceButton';
import { Sheet } from '../../components/Sheet';
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
            label={choice.label}
            isCurrent={choice.isCurrent}
            onClick={() => onChoose(choice.set)}
          />
        ))}
      </div>
    </Sheet>
  );
}
