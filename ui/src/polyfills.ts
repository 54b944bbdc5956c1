// What Chromium 63 lacks and the app or its libraries call. TanStack Query without an
// AbortController stays silently empty, so that one is not optional.
import 'core-js/actual/global-this';
import 'core-js/actual/queue-microtask';
import 'core-js/actual/array/at';
import 'core-js/actual/array/flat';
import 'core-js/actual/array/flat-map';
import 'core-js/actual/object/from-entries';
import 'core-js/actual/object/has-own';
import 'core-js/actual/promise/all-settled';
import 'core-js/actual/string/replace-all';
import 'abortcontroller-polyfill/dist/polyfill-patch-fetch';
