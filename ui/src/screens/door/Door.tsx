import type { ReactNode } from 'react';
import { Scene } from '../../art/Scene';
import { Wordmark } from '../../components/Wordmark';
import { FocusGroup } from '../../input/FocusGroup';
import css from './Door.module.css';

interface DoorProps {
  heading: string;
  lead: string;
  preferred: string;
  onSubmit: () => void;
  children: ReactNode;
}

const dusk: [string, string] = ['#c4552d', '#1d2a4a'];

/** The screens before one is in: a form on the left, the afterglow on the right. */
export function Door({ heading, lead, preferred, onSubmit, children }: DoorProps) {
  return (
    <div className={css.door}>
      <div className={css.art}>
        <Scene className={css.scene} scene={1} seed="threshold" tint={dusk} />
        <div className={css.scrim} />
      </div>
      <FocusGroup name="screen" as="main" className={css.main}>
        <Wordmark size="2.75rem" />
        <h1 className={css.heading}>{heading}</h1>
        <p className={css.lead}>{lead}</p>
        <FocusGroup
          name="door-form"
          as="form"
          preferred={preferred}
          onSubmit={event => {
            event.preventDefault();
            onSubmit();
          }}
        >
          {children}
        </FocusGroup>
      </FocusGroup>
    </div>
  );
}
