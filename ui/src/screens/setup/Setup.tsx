import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import { useState } from 'react';
import { finishSetup } from '../../api/endpoints';
import { isApiError } from '../../api/errors';
import { explain } from '../../api/explain';
import { keys, noteSignedIn } from '../../api/queries';
import { replaceWith } from '../../app/history';
import { paths } from '../../app/paths';
import { Button } from '../../components/Button';
import { Field } from '../../components/Field';
import { FormError } from '../../components/FormError';
import { t } from '../../i18n/t';
import { useInitialFocus } from '../../input/screenFocus';
import { Door } from '../door/Door';
import { setupTokenOf } from './setupToken';

/** First run: whoever holds the printed token makes the first account, which is the admin's. */
export default function Setup() {
  const queryClient = useQueryClient();
  const [printedToken] = useState(() => setupTokenOf(window.location));
  const [token, setToken] = useState(printedToken);
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const first = printedToken ? 'username' : 'token';
  const attempt = useMutation({
    mutationFn: () => finishSetup(token.trim(), { username: username.trim(), password }),
    onSuccess: signedIn => {
      replaceWith(paths.home);
      queryClient.setQueryData(keys.setup, { needed: false });
      noteSignedIn(queryClient, signedIn.user);
    },
    onError: error => {
      if (isApiError(error, 'setup_done')) queryClient.setQueryData(keys.setup, { needed: false });
    },
  });
  const isComplete = token.trim() !== '' && username.trim() !== '' && password !== '';
  useInitialFocus(first);

  return (
    <Door
      heading={t('setup.heading')}
      lead={t('setup.lead')}
      preferred={first}
      onSubmit={() => {
        if (isComplete && !attempt.isPending) attempt.mutate();
      }}
    >
      <Field
        name="token"
        label={t('setup.token')}
        hint={printedToken ? undefined : t('setup.tokenHint')}
        value={token}
        onChange={setToken}
      />
      <Field
        name="username"
        label={t('field.username')}
        value={username}
        onChange={setUsername}
        autoComplete="username"
      />
      <Field
        name="password"
        label={t('field.password')}
        hint={t('field.passwordHint')}
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
        isSecret
      />
      <FormError message={attempt.isError ? explain(attempt.error) : null} />
      <Button
        name="submit"
        type="submit"
        kind="primary"
        icon={Check}
        label={t('setup.submit')}
        isBusy={attempt.isPending}
        isDisabled={!isComplete}
      />
    </Door>
  );
}
