import { goBack } from '../../app/history';
import { Button } from '../../components/Button';
import { Sheet } from '../../components/Sheet';
import { type MessageKey, t } from '../../i18n/t';
import css from './KeysSheet.module.css';

const shortcuts: [string, MessageKey][] = [
  ['Space  K', 'keys.toggle'],
  ['←  →  J  L', 'keys.seek'],
  ['0 – 9', 'keys.jump'],
  ['<  >', 'keys.speed'],
  ['F', 'keys.fullscreen'],
  ['M', 'keys.mute'],
  ['I', 'keys.stats'],
  ['Esc', 'keys.back'],
];

export function KeysSheet() {
  return (
    <Sheet name="keys-sheet" heading={t('keys.heading')} preferred="keys-done">
      <dl className={css.keys}>
        {shortcuts.map(([key, what]) => (
          <div key={key} className={css.row}>
            <dt className={css.key}>{key}</dt>
            <dd>{t(what)}</dd>
          </div>
        ))}
      </dl>
      <Button name="keys-done" label={t('close')} onClick={goBack} />
    </Sheet>
  );
}
