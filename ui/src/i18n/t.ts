import en from './en.json';

/**
 * Says a message of the catalogue. `{name}` is replaced by the variable of that name; a message
 * given as plural forms is chosen by its `count`, by the rules of the language.
 */
export type MessageKey = keyof typeof en;
export type Vars = Record<string, string | number>;
type Plural = { one?: string; other: string };

export const language = 'en';

const catalogue: Record<string, string | Plural> = en;
const plurals = new Intl.PluralRules(language);

export function t(key: MessageKey, vars: Vars = {}): string {
  const message = catalogue[key];
  if (message === undefined) return key;
  return fill(
    typeof message === 'string' ? message : chooseForm(message, Number(vars.count)),
    vars,
  );
}

/** Narrows a computed key, such as one made of an error code, to a message that exists. */
export function isMessageKey(key: string): key is MessageKey {
  return key in catalogue;
}

function chooseForm(forms: Plural, count: number): string {
  return (plurals.select(count) === 'one' && forms.one) || forms.other;
}

function fill(message: string, vars: Vars): string {
  return message.replace(/\{(\w+)\}/g, (whole, name: string) => String(vars[name] ?? whole));
}
