/** Every address of the app. */
export const paths = {
  home: '/',
  setup: '/setup',
  signIn: '/sign-in',
  title: (id: number | string) => `/movies/${id}`,
  openTorrent: '/open',
  settings: '/settings',
  password: '/settings/password',
  devices: '/settings/devices',
  admin: '/admin',
  play: (id: number, options: { sourceId?: number; fromStart?: boolean } = {}) => {
    const query = new URLSearchParams();
    if (options.sourceId !== undefined) query.set('source', String(options.sourceId));
    if (options.fromStart) query.set('from', 'start');
    const search = query.toString();
    return `/play/${id}${search && `?${search}`}`;
  },
};
