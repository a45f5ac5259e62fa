// The words of the connection check, in Korean.

import type { CheckMessages, Named } from "./check-en.ts";

const ways = { udp: "UDP", tcp: "TCP", tls: "TLS" };

function ports(protocol: string, numbers: readonly number[]): string {
  return `${protocol} ${numbers.join(", ")}번 포트`;
}

function ask({ host, udp, tcp }: Named): string {
  const wish = [udp.length && ports("UDP", udp), tcp.length && ports("TCP", tcp)].filter(Boolean);
  return wish.length ? ` 네트워크 관리자에게 ${host}의 ${wish.join("나 적어도 ")}를 열어 달라고 해 주세요.` : "";
}

export const ko: CheckMessages = {
  title: "연결 확인",
  intro: "이 브라우저에서 서버까지 가는 길을 하나씩 확인해요.",
  checking: "서버까지 가는 길을 확인하고 있어요…",
  again: "다시 확인하기",
  copy: "글로 복사",
  copied: "결과를 복사했어요.",
  result: "글로 된 결과",
  toStart: "첫 페이지",
  ways: "서버까지 가는 길",
  browser: "이 브라우저",
  server: "서버 (WebSocket)",
  udp: "UDP",
  tcp: "TCP",
  relay: "중계",
  relayBy: (by) => `중계 (${ways[by]})`,
  roundTrip: "왕복 시간",
  ipv4: "IPv4",
  ipv6: "IPv6",
  webrtc: "통화 (WebRTC)",
  microphone: "마이크",
  camera: "카메라",
  codecs: "코덱",
  milliseconds: (n) => `${n} ms`,
  port: (numbers) => `${numbers.join(", ")}번 포트`,
  offered: "돼요",
  notOffered: "없어요",
  notReached: "여기서는 닿지 않아요",
  outcome: { works: "돼요", blocked: "막혀 있어요", absent: "제공하지 않아요", withheld: "브라우저가 막고 있어요", failed: "확인하지 못했어요", running: "확인하는 중…" },
  permitted: {
    granted: "허용됨", prompt: "쓸 때 물어봐요", denied: "이 브라우저에서 막혀 있어요", missing: "찾을 수 없어요",
    insecure: "https 페이지에서만 돼요", unknown: "알 수 없어요",
  },
  verdict: {
    udp: () => "여기서 통화가 잘될 거예요.",
    "some-ports": (named) => `통화할 수 있지만 늘 잘되지는 않을 거예요. ${ports("UDP", named.udp)}가 막혀 있어요.${ask({ ...named, tcp: [] })}`,
    tcp: (named) => `통화할 수 있어요. 네트워크가 UDP를 막고 있어서 TCP로 연결돼요.${ask({ ...named, tcp: [] })}`,
    relay: (named) => `통화할 수 있어요. 네트워크가 바로 가는 길을 막고 있어서 ${ways[named.by ?? "tls"]} 중계로 연결돼요.${ask(named)}`,
    blocked: (named) => `여기서는 통화할 수 없어요. 네트워크가 소리와 화면이 가는 길을 모두 막고 있어요.${ask(named)}`,
    withheld: () => "설정이나 확장 프로그램, VPN 때문에 이 브라우저가 통화에 UDP를 쓰지 않아요. 거기서 WebRTC를 허용하거나 다른 브라우저를 써 보세요. 그대로는 통화가 잘되지 않을 수 있어요.",
    unreachable: ({ host }) => `${host}에 연결할 수 없어요. 인터넷 연결을 확인해 주세요. 그래도 이 페이지가 열렸다면 중간의 프록시가 WebSocket을 막고 있을 수 있어요.`,
    untested: () => "서버가 바빠서 다 확인하지 못했어요. 잠시 뒤에 다시 확인해 주세요.",
    unsupported: () => "이 브라우저에는 WebRTC가 없어서 통화할 수 없어요. 최신 Chrome, Edge, Firefox, Safari를 써 주세요.",
  },
  operator: "이 서버를 운영하시나요? 어느 네트워크에서나 막혀 있다면 서버의 방화벽이 닫혀 있는 거예요. 서버에서 madang doctor를 실행하면 방화벽을 여는 명령을 알려 줘요.",
};
