import { useMutation, useQueryClient } from '@tanstack/react-query';
import { FileUp, Magnet } from 'lucide-react';
import { useRef, useState } from 'react';
import { openMagnet, openTorrentFile } from '../../api/endpoints';
import { explain } from '../../api/explain';
import { keys } from '../../api/queries';
import type { MovieDetail } from '../../api/types';
import { replaceWith } from '../../app/history';
import { paths } from '../../app/paths';
import { Screen } from '../../app/Screen';
import { Button } from '../../components/Button';
import { Field } from '../../components/Field';
import { FormError } from '../../components/FormError';
import { t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import { useInitialFocus } from '../../input/screenFocus';
import css from './OpenTorrent.module.css';

/** One's own torrent, by magnet link or file; it becomes a title like any other. */
export default function OpenTorrent() {
  const queryClient = useQueryClient();
  const picker = useRef<HTMLInputElement>(null);
  const [magnet, setMagnet] = useState('');
  const opening = useMutation({
    mutationFn: (torrent: string | Blob) =>
      typeof torrent === 'string' ? openMagnet(torrent) : openTorrentFile(torrent),
    onSuccess: (movie: MovieDetail) => {
      queryClient.setQueryData(keys.movie(movie.id), movie);
      queryClient.invalidateQueries({ queryKey: keys.home });
      replaceWith(paths.title(movie.id));
    },
  });
  const trimmed = magnet.trim();
  const isMagnet = /^magnet:\?.*xt=urn:bt/i.test(trimmed);
  useInitialFocus('magnet');

  const submit = () => {
    if (isMagnet && !opening.isPending) opening.mutate(trimmed);
  };

  return (
    <Screen heading={t('open.heading')} lead={t('open.lead')} preferred="open-form">
      <FocusGroup
        name="open-form"
        as="form"
        onSubmit={event => {
          event.preventDefault();
          submit();
        }}
      >
        <Field
          name="magnet"
          label={t('open.magnet')}
          hint={trimmed !== '' && !isMagnet ? t('open.notMagnet') : t('open.magnetHint')}
          value={magnet}
          onChange={setMagnet}
        />
        <FormError message={opening.isError ? explain(opening.error) : null} />
        <div className={css.actions}>
          <Button
            type="submit"
            kind="primary"
            icon={Magnet}
            label={t(opening.isPending ? 'open.busy' : 'open.submit')}
            isBusy={opening.isPending}
            isDisabled={!isMagnet}
          />
          <Button
            icon={FileUp}
            label={t('open.file')}
            isBusy={opening.isPending}
            onClick={() => picker.current?.click()}
          />
        </div>
        <input
          ref={picker}
          className="visually-hidden"
          type="file"
          tabIndex={-1}
          aria-label={t('open.file')}
          accept=".torrent,application/x-bittorrent"
          onChange={event => {
            const file = event.target.files?.[0];
            event.target.value = '';
            if (file) opening.mutate(file);
          }}
        />
      </FocusGroup>
      <p className={css.promise} role="status">
        {opening.isPending ? t('open.wait') : t('open.promise')}
      </p>
    </Screen>
  );
}
