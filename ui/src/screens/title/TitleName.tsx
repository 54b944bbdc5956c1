import { useEffect, useState } from 'react';
import { isReadableOnDark } from '../../art/lightness';
import { t } from '../../i18n/t';
import css from './TitleName.module.css';

interface TitleNameProps {
  title: string;
  logo: string | null;
  originalTitle: string | null;
  /** Of the letters that stand until there is a logo, or in its place. */
  className?: string;
}

/** A title in its own lettering where there is such, once it is here; and what it was called at first. */
export function TitleName({ title, logo, originalTitle, className }: TitleNameProps) {
  const [shown, setShown] = useState<string>();
  useEffect(() => {
    if (!logo) return;
    const image = new Image();
    image.onload = () => {
      if (isReadableOnDark(image)) setShown(logo);
    };
    image.src = logo;
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
