import { useEffect, useState } from 'react';
import type { Title } from '../../api/types';
import { BackdropArt } from '../../art/TitleArt';
import css from './Backdrop.module.css';

/**
 * The picture that is the screen. A new one fades in over the old one, and only once it is loaded;
 * two scrims keep the text on it readable.
 */
export function Backdrop({ title }: { title: Title }) {
  const [layers, setLayers] = useState<Title[]>([title]);

  useEffect(() => {
    let isCurrent = true;
    preload(title.backdrop).then(() => {
      if (!isCurrent) return;
      setLayers(shown => {
        const top = shown[shown.length - 1];
        return top?.id === title.id && top.kind === title.kind
          ? shown
          : [...shown.slice(-1), title];
      });
    });
    return () => {
      isCurrent = false;
    };
  }, [title]);

  return (
    <div className={css.backdrop} aria-hidden>
      {layers.map(layer => (
        <div key={`${layer.kind}-${layer.id}`} className={css.layer}>
          <BackdropArt title={layer} />
        </div>
      ))}
      <div className={css.scrimLeft} />
      <div className={css.scrimBottom} />
    </div>
  );
}

function preload(url: string | null): Promise<void> {
  if (!url) return Promise.resolve();
  return new Promise(resolve => {
    const image = new Image();
    image.onload = () => resolve();
    image.onerror = () => resolve();
    image.src = url;
  });
}
