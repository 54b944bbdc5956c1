import { useMutation, useQueryClient } from '@tanstack/react-query';
import { changeLanguage } from '../../api/endpoints';
import { explain } from '../../api/explain';
import { isOfCatalog, keys } from '../../api/queries';
import type { User } from '../../api/types';
import { goBack } from '../../app/history';
import { Screen } from '../../app/Screen';
import { ChoiceButton } from '../../components/ChoiceButton';
import { toast } from '../../components/toast';
import { t } from '../../i18n/t';
import { useInitialFocus } from '../../input/screenFocus';
import css from './Language.module.css';
import { languages, nameOfLanguage } from './languages';

const choiceName = (tag: string | null) => `language-${tag ?? 'device'}`;

/** In which language titles and texts are shown to this account, on all its devices. */
export default function Language({ user }: { user: User }) {
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: changeLanguage,
    onSuccess: async changed => {
      queryClient.setQueryData(keys.me, changed);
      toast(t('language.changed'));
      goBack();
      // What is known so far is in the old language, so none of it is shown again.
      await queryClient.resetQueries({ predicate: isOfCatalog });
    },
    onError: error => toast(explain(error)),
  });
  const shown = change.isPending ? change.variables : user.language;
  const choose = (tag: string | null) => {
    if (!change.isPending) change.mutate(tag);
  };
  useInitialFocus(choiceName(user.language));

  return (
    <Screen
      heading={t('language.heading')}
      lead={t('language.lead')}
      preferred={choiceName(user.language)}
      isWide
    >
      <div className={css.device}>
        <ChoiceButton
          name={choiceName(null)}
          label={t('language.device', { name: nameOfLanguage(navigator.language) })}
          isCurrent={shown === null}
          onClick={() => choose(null)}
        />
      </div>
      <div className={css.languages}>
        {Array.from(languages, ([tag, name]) => (
          <ChoiceButton
            key={tag}
            name={choiceName(tag)}
            label={name}
            lang={tag}
            isCurrent={shown === tag}
            onClick={() => choose(tag)}
          />
        ))}
      </div>
    </Screen>
  );
}
