import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { createUser } from '../../api/endpoints';
import { explain } from '../../api/explain';
import { keys } from '../../api/queries';
import type { Role } from '../../api/types';
import { goBack } from '../../app/history';
import { Button } from '../../components/Button';
import { Field } from '../../components/Field';
import { FormError } from '../../components/FormError';
import { Sheet } from '../../components/Sheet';
import { toast } from '../../components/toast';
import { t } from '../../i18n/t';
import { RoleChoice } from './RoleChoice';

export function CreateUserSheet() {
  const queryClient = useQueryClient();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<Role>('user');
  const creation = useMutation({
    mutationFn: () => createUser({ username: username.trim(), password, role }),
    onSuccess: user => {
      toast(t('users.created', { name: user.username }));
      queryClient.invalidateQueries({ queryKey: keys.users });
      goBack();
    },
  });
  const isComplete = username.trim() !== '' && password !== '';

  return (
    <Sheet name="create-user-sheet" heading={t('users.create')} preferred="new-username">
      <form
        onSubmit={event => {
          event.preventDefault();
          if (isComplete && !creation.isPending) creation.mutate();
        }}
      >
        <Field
          name="new-username"
          label={t('field.username')}
          value={username}
          onChange={setUsername}
        />
        <Field
          name="new-user-password"
          label={t('field.password')}
          hint={t('field.passwordHint')}
          value={password}
          onChange={setPassword}
          autoComplete="new-password"
          isSecret
        />
        <RoleChoice value={role} onChange={setRole} />
        <FormError message={creation.isError ? explain(creation.error) : null} />
        <Button
          type="submit"
          kind="primary"
          label={t('users.createSubmit')}
          isBusy={creation.isPending}
          isDisabled={!isComplete}
        />
      </form>
    </Sheet>
  );
}
