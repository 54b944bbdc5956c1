import type { Title } from '../api/types';

/** Every address of the app. */
export const paths = {
  home: '/',
  setup: '/setup',
  signIn: '/sign-in',
  title: (id: number | string) => `/movies/${id}`,
  show: (id: number | string) => `/shows/${id}`,
  search: '/search',
  browse: '/browse',
  list: (slug: string) => `/lists/${slug}`,
  openTorrent: '/open',
  settings: '/settings',
  password: '/settings/password',
  devices: '/settings/devices',
  language: '/settings/language',
  trakt: '/settings/trakt',
  admin: '/admin',
  play: (id: number, options: { sourceId?: number; fromStart?: boolean } = {}) => {
    const query = new URLSearchParams();
    if (options.sourceId !== undefined) query.set('source', String(options.sourceId));
    if (options.fromStart) query.set('from', 'start');
    const search = query.toString();
    return `/play/${id}${search && `?${search}`}`;
  },
};

/** The page of a title, of whichever kind it is. */
export const pathOf = ({ kind, id }: Pick<Title, 'kind' | 'id'>) =>
  kind === 'show' ? paths.show(id) : paths.title(id);
