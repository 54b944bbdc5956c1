import { lazy, Suspense, useEffect } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import type { User } from '../api/types';
import { Home } from '../screens/home/Home';
import { NotFound } from '../screens/notFound/NotFound';
import { Navigation } from './Navigation';
import { paths } from './paths';
import { ScreenBoundary } from './ScreenBoundary';

const importPlayer = () => import('../screens/player/Player');
const Player = lazy(importPlayer);
const Search = lazy(() => import('../screens/search/Search'));
const Browse = lazy(() => import('../screens/browse/Browse'));
const ListPage = lazy(() => import('../screens/list/ListPage'));
const importTitlePage = () => import('../screens/title/TitlePage');
const TitlePage = lazy(importTitlePage);
const importShow = () => import('../screens/show/Show');
const Show = lazy(importShow);
const OpenTorrent = lazy(() => import('../screens/openTorrent/OpenTorrent'));
const Settings = lazy(() => import('../screens/settings/Settings'));
const Devices = lazy(() => import('../screens/settings/Devices'));
const Password = lazy(() => import('../screens/settings/Password'));
const Admin = lazy(() => import('../screens/admin/Admin'));

const preloadAfterMs = 2000;

export function SignedInApp({ user }: { user: User }) {
  const [path] = useLocation();
  const isPlaying = path.startsWith('/play/');

  // The presses from home on must not wait for code.
  useEffect(() => {
    const preload = () => {
      importPlayer();
      importTitlePage();
      importShow();
    };
    const timer = window.setTimeout(preload, preloadAfterMs);
    return () => window.clearTimeout(timer);
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new path is what scrolls to the top
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [path]);

  return (
    <>
      {!isPlaying && <Navigation user={user} />}
      <ScreenBoundary key={path}>
        <Suspense fallback={null}>
          <Switch>
            <Route path={paths.home} component={Home} />
            <Route path="/movies/:id">{({ id }) => <TitlePage id={Number(id)} />}</Route>
            <Route path="/shows/:id">{({ id }) => <Show id={Number(id)} />}</Route>
            <Route path="/play/:id">{({ id }) => <Player movieId={Number(id)} />}</Route>
            <Route path={paths.search}>
              <Search user={user} />
            </Route>
            <Route path={paths.browse} component={Browse} />
            <Route path="/lists/:slug">{({ slug }) => <ListPage slug={slug} />}</Route>
            <Route path={paths.openTorrent} component={OpenTorrent} />
            <Route path={paths.settings}>
              <Settings user={user} />
            </Route>
            <Route path={paths.devices} component={Devices} />
            <Route path={paths.password} component={Password} />
            {user.role === 'admin' && (
              <Route path={paths.admin}>
                <Admin me={user} />
              </Route>
            )}
            <Route component={NotFound} />
          </Switch>
        </Suspense>
      </ScreenBoundary>
    </>
  );
}
