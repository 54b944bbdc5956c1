import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { changePassword } from '../../api/endpoints';
import { explain } from '../../api/explain';
import { goBack } from '../../app/history';
import { Screen } from '../../app/Screen';
import { Button } from '../../components/Button';
import { Field } from '../../components/Field';
import { FormError } from '../../components/FormError';
import { toast } from '../../components/toast';
import { t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import { useInitialFocus } from '../../input/screenFocus';

export default function Password() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const change = useMutation({
    mutationFn: () => changePassword({ current_password: current, new_password: next }),
    onSuccess: () => {
      toast(t('password.changed'));
      goBack();
    },
  });
  const isComplete = current !== '' && next !== '';
  useInitialFocus('current-password');

  return (
    <Screen heading={t('password.heading')} lead={t('password.lead')}>
      <FocusGroup
        name="password-form"
        as="form"
        onSubmit={event => {
          event.preventDefault();
          if (isComplete && !change.isPending) change.mutate();
        }}
      >
        <Field
          name="current-password"
          label={t('password.current')}
          value={current}
          onChange={setCurrent}
          autoComplete="current-password"
          isSecret
        />
        <Field
          name="new-password"
          label={t('password.next')}
          hint={t('field.passwordHint')}
          value={next}
          onChange={setNext}
          autoComplete="new-password"
          isSecret
        />
        <FormError message={change.isError ? explain(change.error) : null} />
        <Button
          type="submit"
          kind="primary"
          label={t('password.submit')}
          isBusy={change.isPending}
          isDisabled={!isComplete}
        />
      </FocusGroup>
    </Screen>
  );
}
