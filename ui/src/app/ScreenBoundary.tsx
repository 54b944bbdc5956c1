import { TriangleAlert } from 'lucide-react';
import { Component, type ReactNode } from 'react';
import { Button } from '../components/Button';
import { Notice } from '../components/Notice';
import { t } from '../i18n/t';
import { Screen } from './Screen';

/** A screen that breaks shows so and offers a reload; the navigation stays usable. */
export class ScreenBoundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    if (!this.state.isBroken) return this.props.children;
    return (
      <Screen>
        <Notice icon={TriangleAlert} heading={t('error.broken')} cause={t('error.brokenCause')}>
          <Button
            kind="primary"
            label={t('error.reload')}
            onClick={() => window.location.reload()}
          />
        </Notice>
      </Screen>
    );
  }
}
