import { CloudOff, RotateCcw, TriangleAlert } from 'lucide-react';
import { Component, type ReactNode } from 'react';
import { Button } from '../components/Button';
import { Notice } from '../components/Notice';
import { toast } from '../components/toast';
import { t } from '../i18n/t';
import { MissingCodeError } from './lazyScreen';
import { Screen } from './Screen';

type State = { error: unknown };

/** A screen that breaks shows so and offers a way on; the navigation stays usable. */
export class ScreenBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <Screen>
        {error instanceof MissingCodeError ? (
          <Notice icon={CloudOff} heading={t('error.noCode')} cause={t('error.noCodeCause')}>
            <Button
              kind="primary"
              icon={RotateCcw}
              label={t('retry')}
              onClick={reloadIfReachable}
            />
          </Notice>
        ) : (
          <Notice icon={TriangleAlert} heading={t('error.broken')} cause={t('error.brokenCause')}>
            <Button
              kind="primary"
              label={t('error.reload')}
              onClick={() => window.location.reload()}
            />
          </Notice>
        )}
      </Screen>
    );
  }
}

/** Without an answer the browser's own page would take the place of the app, with no way back by remote. */
async function reloadIfReachable(): Promise<void> {
  try {
    await fetch('/', { cache: 'no-store' });
    window.location.reload();
  } catch {
    toast(t('error.unreachable'));
  }
}
