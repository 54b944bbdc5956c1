import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { explain } from '../../api/explain';
import { useUsers } from '../../api/queries';
import type { User } from '../../api/types';
import { useOverlay } from '../../app/useOverlay';
import { Button } from '../../components/Button';
import { ListRow } from '../../components/ListRow';
import { Bone, useIsSlow } from '../../components/Skeleton';
import { t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import { CreateUserSheet } from './CreateUserSheet';
import { UserSheet } from './UserSheet';
import css from './Users.module.css';

export function Users({ me }: { me: User }) {
  const users = useUsers();
  const isSlow = useIsSlow();
  const creating = useOverlay('create-user');
  const changing = useOverlay('user');
  const [chosenId, setChosenId] = useState<number | null>(null);
  const chosen = users.data?.users.find(user => user.id === chosenId);

  return (
    <FocusGroup name="users">
      {users.isPending && isSlow && <Bone width="100%" height="5.25rem" />}
      {users.isError && (
        <div role="alert" className={css.error}>
          <p>{explain(users.error)}</p>
          <Button label={t('retry')} onClick={() => users.refetch()} />
        </div>
      )}
      {users.data?.users.map(user => (
        <ListRow
          key={user.id}
          name={`user-${user.id}`}
          heading={user.username}
          detail={t(`role.${user.role}`)}
          trailing={
            user.id === me.id ? t('users.you') : user.is_active ? undefined : t('users.inactive')
          }
          onClick={() => {
            setChosenId(user.id);
            changing.open();
          }}
        />
      ))}
      <ListRow
        name="create-user"
        icon={UserPlus}
        heading={t('users.create')}
        onClick={creating.open}
      />
      {creating.isOpen && <CreateUserSheet />}
      {changing.isOpen && chosen && <UserSheet user={chosen} isMe={chosen.id === me.id} />}
    </FocusGroup>
  );
}
