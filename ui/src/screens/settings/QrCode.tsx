import { useMemo } from 'react';
import { encode } from 'uqr';
import { t } from '../../i18n/t';

/** Light modules around the code, which scanners need (ISO/IEC 18004). */
const quietZone = 4;

/** An address that a phone's camera reads off the screen. */
export function QrCode({ text }: { text: string }) {
  const { size, path } = useMemo(() => {
    const code = encode(text, { border: quietZone });
    return { size: code.size, path: pathOf(code.data) };
  }, [text]);
  return (
    <svg viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges" role="img">
      <title>{t('trakt.qrLabel', { text })}</title>
      <path d={`M0 0h${size}v${size}H0z`} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

/** The dark modules, each a square of 1. */
function pathOf(modules: boolean[][]): string {
  return modules
    .map((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')).join(''))
    .join('');
}
