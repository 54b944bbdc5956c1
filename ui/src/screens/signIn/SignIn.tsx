import { useMutation, useQueryClient } from '@tanstack/react-query';
import { LogIn } from 'lucide-react';
import { useState } from 'react';
import { signIn } from '../../api/endpoints';
import { explain } from '../../api/explain';
import { noteSignedIn } from '../../api/queries';
import { Button } from '../../components/Button';
import { Field } from '../../components/Field';
import { FormError } from '../../components/FormError';
import { useRetryAfter } from '../../components/useRetryAfter';
import { t } from '../../i18n/t';
import { useInitialFocus } from '../../input/screenFocus';
import { Door } from '../door/Door';

export default function SignIn() {
  const queryClient = useQueryClient();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const attempt = useMutation({
    mutationFn: () => signIn({ username: username.trim(), password }),
    onSuccess: signedIn => noteSignedIn(queryClient, signedIn.user),
  });
  const waitSeconds = useRetryAfter(attempt.error);
  const isComplete = username.trim() !== '' && password !== '';
  useInitialFocus('username');

  const message =
    waitSeconds > 0
      ? `${explain(attempt.error)} ${t('signIn.wait', { count: waitSeconds })}`
      : attempt.isError
        ? explain(attempt.error)
        : null;

  return (
    <Door
      heading={t('signIn.heading')}
      lead={t('signIn.lead')}
      preferred="username"
      onSubmit={() => {
        if (isComplete && waitSeconds === 0 && !attempt.isPending) attempt.mutate();
      }}
    >
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
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        isSecret
      />
      <FormError message={message} />
      <Button
        name="submit"
        type="submit"
        kind="primary"
        icon={LogIn}
        label={t('signIn.submit')}
        isBusy={attempt.isPending}
        isDisabled={!isComplete || waitSeconds > 0}
      />
    </Door>
  );
}
