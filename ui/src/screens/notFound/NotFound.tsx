import { Compass } from 'lucide-react';
import { goToSection } from '../../app/history';
import { paths } from '../../app/paths';
import { Screen } from '../../app/Screen';
import { Button } from '../../components/Button';
import { Notice } from '../../components/Notice';
import { t } from '../../i18n/t';

export function NotFound() {
  return (
    <Screen>
      <Notice icon={Compass} heading={t('notFound.heading')} cause={t('notFound.cause')}>
        <Button kind="primary" label={t('notFound.home')} onClick={() => goToSection(paths.home)} />
      </Notice>
    </Screen>
  );
}
