/**
 * The setup token of the printed address. The fragment is preferred, since servers and proxies
 * never see it, let alone log it.
 */
export function setupTokenOf(location: { hash: string; search: string }): string {
  const inFragment = new URLSearchParams(location.hash.slice(1)).get('token');
  const inQuery = new URLSearchParams(location.search).get('token');
  return inFragment ?? inQuery ?? '';
}
