import { useLayoutEffect, useState } from 'react';
import { isReadableOnDark } from '../../art/lightness';
import { t } from '../../i18n/t';
import css from './TitleName.module.css';

interface TitleNameProps {
  title: string;
  logo: string | null;
  originalTitle?: string | null;
  /** Of the letters that stand until there is a logo, or in its place. */
  className?: string;
}

/** A title in its own lettering where there is such, once it is here; and what it was called at first. */
export function TitleName({ title, logo, originalTitle, className }: TitleNameProps) {
  const [shown, setShown] = useState<string>();
  // Before the screen is drawn, so that one that is here already takes no letters' place.
  useLayoutEffect(() => {
    if (!logo) return;
    const image = new Image();
    const show = () => {
      if (isReadableOnDark(image)) setShown(logo);
    };
    image.onload = show;
    image.src = logo;
    if (image.complete && image.naturalWidth > 0) show();
    return () => {
      image.onload = null;
    };
  }, [logo]);

  return (
    <>
      {shown && shown === logo ? (
        <h1 className={css.name}>
          <img className={css.logo} src={shown} alt={title} />
        </h1>
      ) : (
        <h1 className={className}>{title}</h1>
      )}
      {originalTitle && (
        <p className={css.original}>{t('title.original', { title: originalTitle })}</p>
      )}
    </>
  );
}
