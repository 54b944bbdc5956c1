import './polyfills';
import './design/tokens.css';
import './design/global.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { registerRemoteKeys } from './app/tvPlatform';
import { initFocus } from './input/focus';
import { watchInputMode } from './input/inputMode';
import { listenToKeyboard } from './input/keyboard';
import { watchLayout } from './layout/layout';

watchLayout();
watchInputMode();
initFocus();
listenToKeyboard();
registerRemoteKeys();

const root = document.getElementById('app');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
