// What Chromium 63 lacks and the app or its libraries call. TanStack Query without an
// AbortController stays silently empty, so that one is not optional.
import { addMissingFeatures } from './polyfills/ecmascript';
import 'abortcontroller-polyfill/dist/polyfill-patch-fetch';

addMissingFeatures();
