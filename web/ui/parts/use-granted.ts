import { useEffect } from "preact/hooks";
import type { DeviceTrouble } from "../devices.ts";

const names: Readonly<Partial<Record<DeviceTrouble["device"], string>>> = { mic: "microphone", camera: "camera" };

/** Calls when the user allows one of these devices in the browser's own settings, where the browser tells. */
export function useGranted(devices: readonly DeviceTrouble["device"][], granted: (device: DeviceTrouble["device"]) => void): void {
  useEffect(() => {
    const watching = new AbortController();
    for (const device of devices) {
      navigator.permissions?.query({ name: names[device] as PermissionName }).then((status) => {
        status.addEventListener("change", () => status.state === "granted" && granted(device), { signal: watching.signal });
      }, () => {}); // older browsers know no such permission
    }
    return () => watching.abort();
  }, [devices.join()]);
}
