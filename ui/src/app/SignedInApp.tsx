import { useEffect } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import type { User } from '../api/types';
import { Home } from '../screens/home/Home';
import { NotFound } from '../screens/notFound/NotFound';
import { Navigation } from './Navigation';
import { paths } from './paths';
import { ScreenBoundary } from './ScreenBoundary';
import * as screens from './screens';

const preloadAfterMs = 2000;

export function SignedInApp({ user }: { user: User }) {
  const [path] = useLocation();
  const isPlaying = path.startsWith('/play/');

  // The presses from home on must not wait for code.
  useEffect(() => {
    const timer = window.setTimeout(() => screens.preloadAll(user.role), preloadAfterMs);
    return () => window.clearTimeout(timer);
  }, [user.role]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new path is what scrolls to the top
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [path]);

  return (
    <>
      {!isPlaying && <Navigation user={user} />}
      <ScreenBoundary key={path}>
        <Switch>
          <Route path={paths.home} component={Home} />
          <Route path="/movies/:id">{({ id }) => <screens.TitlePage id={Number(id)} />}</Route>
          <Route path="/shows/:id">{({ id }) => <screens.Show id={Number(id)} />}</Route>
          <Route path="/play/:id">{({ id }) => <screens.Player movieId={Number(id)} />}</Route>
          <Route path={paths.search}>
            <screens.Search user={user} />
          </Route>
          <Route path={paths.browse} component={screens.Browse} />
          <Route path="/lists/:slug">{({ slug }) => <screens.ListPage slug={slug} />}</Route>
          <Route path={paths.openTorrent} component={screens.OpenTorrent} />
          <Route path={paths.settings}>
            <screens.Settings user={user} />
          </Route>
          <Route path={paths.devices} component={screens.Devices} />
          <Route path={paths.password} component={screens.Password} />
          <Route path={paths.language}>
            <screens.Language user={user} />
          </Route>
          {user.role !== 'guest' && <Route path={paths.trakt} component={screens.Trakt} />}
          {user.role === 'admin' && (
            <Route path={paths.admin}>
              <screens.Admin me={user} />
            </Route>
          )}
          <Route component={NotFound} />
        </Switch>
      </ScreenBoundary>
    </>
  );
}
