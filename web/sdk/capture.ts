// Asking the browser for microphones, cameras and screens.

import { DeviceError, type DeviceCode } from "./errors.ts";
import type { Facing } from "./types.ts";

const codes: Readonly<Record<string, DeviceCode>> = {
  NotAllowedError: "device_denied",
  SecurityError: "device_denied",
  NotFoundError: "device_missing",
  OverconstrainedError: "device_missing",
  NotReadableError: "device_busy",
  AbortError: "device_busy",
};

function deviceError(error: unknown, device: DeviceError["device"]): DeviceError {
  const { name, message } = error as Error;
  return new DeviceError(codes[name] ?? "device_failed", device, `${name}: ${message}`);
}

function mediaDevices(device: DeviceError["device"]): MediaDevices {
  if (navigator.mediaDevices) return navigator.mediaDevices;
  const code = isSecureContext ? "unsupported" : "insecure_origin";
  throw new DeviceError(code, device, "this page may not use devices");
}

/** Catches a microphone or a camera; `id` and `facing` only wish, so that a device that is gone does not stop anyone. */
export async function captureUser(device: "mic" | "camera", id: string | undefined, facing?: Facing): Promise<MediaStreamTrack> {
  const wish: MediaTrackConstraints = facing ? { facingMode: { ideal: facing } } : id ? { deviceId: { ideal: id } } : {};
  const constraints: MediaStreamConstraints =
    device === "mic"
      ? { audio: { ...wish, echoCancellation: true, noiseSuppression: true, autoGainControl: true } }
      : { video: { ...wish, width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } } };
  try {
    const stream = await mediaDevices(device).getUserMedia(constraints);
    const track = stream.getTracks()[0]!;
    track.contentHint = device === "mic" ? "speech" : "motion";
    return track;
  } catch (error) {
    throw error instanceof DeviceError ? error : deviceError(error, device);
  }
}

/** Asks the user for a screen or window; undefined if they changed their mind. */
export async function captureScreen(): Promise<{ video: MediaStreamTrack; audio: MediaStreamTrack | undefined } | undefined> {
  const devices = mediaDevices("screen");
  if (!devices.getDisplayMedia) throw new DeviceError("unsupported", "screen", "this browser shares no screens");
  try {
    const stream = await devices.getDisplayMedia({
      video: { width: { max: 2560 }, height: { max: 1440 }, frameRate: { max: 30 } },
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
    const video = stream.getVideoTracks()[0]!;
    video.contentHint = "detail"; // letters stay sharp; frames may drop
    return { video, audio: stream.getAudioTracks()[0] };
  } catch (error) {
    const known = deviceError(error, "screen");
    if (known.code === "device_denied") return undefined; // browsers do not tell "cancel" from "forbid"
    throw known;
  }
}
