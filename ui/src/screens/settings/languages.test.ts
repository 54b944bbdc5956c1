import { expect, it } from 'vitest';
import { languages, nameOfLanguage } from './languages';

it('names a language by its tag, its region or, failing both, the tag', () => {
  expect(nameOfLanguage('pt-BR')).toBe('Português (Brasil)');
  expect(nameOfLanguage('de-AT')).toBe('Deutsch');
  expect(nameOfLanguage('de')).toBe('Deutsch');
  expect(nameOfLanguage('eo')).toBe('eo');
});

it('offers no name twice, and only tags the server takes', () => {
  expect(new Set(languages.values()).size).toBe(languages.size);
  for (const tag of languages.keys()) expect(tag).toMatch(/^[a-z]{2,3}(-[A-Z]{2})?$/);
});
