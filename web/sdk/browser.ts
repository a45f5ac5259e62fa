// What this browser can do for a call.

/** May a page catch from such a device: `prompt`: the user will be asked; `missing`: there is none; `insecure`: not on a page without https. */
export type Permitted = "granted" | "prompt" | "denied" | "missing" | "insecure" | "unknown";

export interface Browser {
  readonly webrtc: boolean;
  readonly microphone: Permitted;
  readonly camera: Permitted;
  /** Names of the codecs that it takes: opus, VP8. */
  readonly codecs: readonly string[];
}

/** Looks at this browser without asking its user anything. */
export async function lookAtBrowser(): Promise<Browser> {
  const [microphone, camera] = await Promise.all([permitted("microphone", "audioinput"), permitted("camera", "videoinput")]);
  return { webrtc: "RTCPeerConnection" in globalThis, microphone, camera, codecs: [...codecsOf("audio"), ...codecsOf("video")] };
}

async function permitted(name: string, kind: MediaDeviceKind): Promise<Permitted> {
  if (!navigator.mediaDevices) return isSecureContext ? "unknown" : "insecure";
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => undefined);
  if (devices && !devices.some((device) => device.kind === kind)) return "missing";
  try {
    return (await navigator.permissions.query({ name: name as PermissionName })).state;
  } catch {
    return "unknown"; // older browsers know no such permission
  }
}

/** What carries or repairs others is none of its own, and no call uses those of telephones. */
const unused = new Set(["rtx", "red", "ulpfec", "flexfec-03", "cn", "telephone-event", "g722", "pcmu", "pcma"]);

function codecsOf(media: "audio" | "video"): string[] {
  if (!("RTCRtpReceiver" in globalThis)) return [];
  const names = RTCRtpReceiver.getCapabilities(media)?.codecs.map(({ mimeType }) => mimeType.replace(/^\w+\//, "")) ?? [];
  return [...new Set(names)].filter((name) => !unused.has(name.toLowerCase()));
}
