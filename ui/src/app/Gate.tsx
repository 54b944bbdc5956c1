import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { useMe, useSetup } from '../api/queries';
import { Failure } from '../components/Notice';
import { t } from '../i18n/t';
import { FocusGroup } from '../input/FocusGroup';
import { Boot } from '../screens/boot/Boot';
import css from './Gate.module.css';
import { replaceWith } from './history';
import { lazyScreen } from './lazyScreen';
import { paths } from './paths';
import { ScreenBoundary } from './ScreenBoundary';
import { SignedInApp } from './SignedInApp';

const SignIn = lazyScreen(() => import('../screens/signIn/SignIn'), <Boot />);
const Setup = lazyScreen(() => import('../screens/setup/Setup'), <Boot />);

/** Decides who may see what: setup while there is no account, sign-in while nobody is in. */
export function Gate() {
  const me = useMe();
  const setup = useSetup(me.data === null);
  const [path] = useLocation();
  const isAtDoor = path === paths.signIn || path === paths.setup;

  useEffect(() => {
    if (me.data && isAtDoor) replaceWith(paths.home);
  }, [me.data, isAtDoor]);

  if (me.data) return isAtDoor ? <Boot /> : <SignedInApp user={me.data} />;

  const failed = me.isError ? me : setup.isError ? setup : null;
  if (failed) {
    return (
      <FocusGroup name="screen" as="main" className={css.failure}>
        <Failure heading={t('boot.failed')} error={failed.error} onRetry={() => failed.refetch()} />
      </FocusGroup>
    );
  }
  if (!setup.data) return <Boot />;
  return <ScreenBoundary>{setup.data.needed ? <Setup /> : <SignIn />}</ScreenBoundary>;
}
