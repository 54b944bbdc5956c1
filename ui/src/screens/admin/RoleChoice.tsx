import { Check } from 'lucide-react';
import type { Role } from '../../api/types';
import { ListRow } from '../../components/ListRow';
import { t } from '../../i18n/t';
import css from './Users.module.css';

const roles: Role[] = ['user', 'guest', 'admin'];

interface RoleChoiceProps {
  value: Role;
  onChange: (role: Role) => void;
}

export function RoleChoice({ value, onChange }: RoleChoiceProps) {
  return (
    <div className={css.roles}>
      <p className={css.rolesLabel}>{t('users.role')}</p>
      {roles.map(role => (
        <ListRow
          key={role}
          name={`role-${role}`}
          heading={t(`role.${role}`)}
          detail={t(`role.${role}.may`)}
          trailing={role === value ? <Check aria-hidden /> : undefined}
          isCurrent={role === value}
          onClick={() => onChange(role)}
        />
      ))}
    </div>
  );
}
