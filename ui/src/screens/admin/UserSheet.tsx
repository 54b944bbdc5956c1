import { useMutation, useQueryClient } from '@tanstack/react-query';
import { UserCheck, UserX } from 'lucide-react';
import { changeUser } from '../../api/endpoints';
import { explain } from '../../api/explain';
import { keys } from '../../api/queries';
import type { Role, User } from '../../api/types';
import { Button } from '../../components/Button';
import { FormError } from '../../components/FormError';
import { Sheet } from '../../components/Sheet';
import { t } from '../../i18n/t';
import { RoleChoice } from './RoleChoice';

/** One account: its role, and whether it may sign in at all. */
export function UserSheet({ user, isMe }: { user: User; isMe: boolean }) {
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: (body: { role?: Role; is_active?: boolean }) => changeUser(user.id, body),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.users }),
  });

  return (
    <Sheet name="user-sheet" heading={user.username} preferred={`role-${user.role}`}>
      <RoleChoice value={user.role} onChange={role => change.mutate({ role })} />
      <FormError message={change.isError ? explain(change.error) : null} />
      {!isMe && (
        <Button
          kind={user.is_active ? 'danger' : 'secondary'}
          icon={user.is_active ? UserX : UserCheck}
          label={t(user.is_active ? 'users.deactivate' : 'users.activate')}
          isBusy={change.isPending}
          onClick={() => change.mutate({ is_active: !user.is_active })}
        />
      )}
    </Sheet>
  );
}
