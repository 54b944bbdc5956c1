import type { Role } from '../api/types';
import { lazyScreen } from './lazyScreen';
import { paths } from './paths';

/** Every screen that is not part of the first picture of home. */
export const TitlePage = lazyScreen(() => import('../screens/title/TitlePage'));
export const Show = lazyScreen(() => import('../screens/show/Show'));
export const Player = lazyScreen(() => import('../screens/player/Player'), null);
export const Search = lazyScreen(() => import('../screens/search/Search'));
export const Browse = lazyScreen(() => import('../screens/browse/Browse'));
export const ListPage = lazyScreen(() => import('../screens/list/ListPage'));
export const Settings = lazyScreen(() => import('../screens/settings/Settings'));
export const Devices = lazyScreen(() => import('../screens/settings/Devices'));
export const Password = lazyScreen(() => import('../screens/settings/Password'));
export const Language = lazyScreen(() => import('../screens/settings/Language'));
export const Trakt = lazyScreen(() => import('../screens/settings/TraktPage'));
export const OpenTorrent = lazyScreen(() => import('../screens/openTorrent/OpenTorrent'));
export const Admin = lazyScreen(() => import('../screens/admin/Admin'));
export const CardSheet = lazyScreen(() => import('../screens/home/CardSheet'), null);

const sections = new Map<string, { preload: () => Promise<void> }>([
  [paths.search, Search],
  [paths.browse, Browse],
  [paths.list('my-list'), ListPage],
  [paths.openTorrent, OpenTorrent],
  [paths.settings, Settings],
  [paths.admin, Admin],
]);

/** Brings the code of the section somebody is about to open. */
export function preloadSection(path: string): void {
  sections.get(path)?.preload();
}

/** Brings the code of all screens one by one, those a press on home leads to first. */
export async function preloadAll(role: Role): Promise<void> {
  const near = [TitlePage, Show, Player, CardSheet, Search, Browse, ListPage, Settings];
  const far = [Language, OpenTorrent, Devices, Password, Trakt];
  for (const screen of [...near, ...far]) await screen.preload();
  if (role === 'admin') await Admin.preload();
}
