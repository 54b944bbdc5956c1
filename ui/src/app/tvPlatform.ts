import { tizenKeyNames } from '../input/keys';

/** The few calls a television's own app shell offers; each may be missing, even on a television. */
interface TvWindow {
  tizen?: {
    tvinputdevice?: { registerKey(name: string): void };
    application?: { getCurrentApplication(): { exit(): void } };
  };
  webOS?: { platformBack?: () => void };
}

const tv = window as unknown as TvWindow;

export function isTelevision(userAgent: string = navigator.userAgent): boolean {
  return /Tizen|Web0S|webOS\.TV|SMART-TV|SmartTV|HbbTV|VIDAA|BRAVIA|AFT[A-Z]|GoogleTV|Android TV|CrKey/.test(
    userAgent,
  );
}

/** Asks Tizen for the media keys; an unknown name throws, and the others must still be asked. */
export function registerRemoteKeys(): void {
  const device = tv.tizen?.tvinputdevice;
  if (!device) return;
  for (const name of tizenKeyNames) {
    try {
      device.registerKey(name);
    } catch {
      // This model has no such key.
    }
  }
}

/** Hands the screen back to the television; in a plain browser there is nothing to leave to. */
export function leaveWrapper(): void {
  if (tv.tizen?.application) tv.tizen.application.getCurrentApplication().exit();
  else tv.webOS?.platformBack?.();
}
