import type { User } from '../../api/types';
import { Screen } from '../../app/Screen';
import { t } from '../../i18n/t';
import { useInitialFocus } from '../../input/screenFocus';
import css from './Admin.module.css';
import { SupervisionTree } from './SupervisionTree';
import { Tasks } from './Tasks';
import { Users } from './Users';

/** What an admin looks after: who may come in, what the server does by itself, whether every actor is well. */
export default function Admin({ me }: { me: User }) {
  useInitialFocus('screen');
  return (
    <Screen heading={t('admin.heading')} lead={t('admin.lead')} isWide>
      <div className={css.columns}>
        <section aria-label={t('users.heading')} className={css.column}>
          <h2 className={css.heading}>{t('users.heading')}</h2>
          <Users me={me} />
        </section>
        <div className={css.column}>
          <section aria-label={t('tasks.heading')} className={css.section}>
            <h2 className={css.heading}>{t('tasks.heading')}</h2>
            <Tasks />
          </section>
          <section aria-label={t('actors.heading')}>
            <h2 className={css.heading}>{t('actors.heading')}</h2>
            <SupervisionTree />
          </section>
        </div>
      </div>
    </Screen>
  );
}
