// The words of what people do to each other, in Korean.

import type { PeopleMessages } from "./people-en.ts";

export const ko: PeopleMessages = {
  search: "이름으로 찾기",
  nobodyFound: "그런 이름을 쓰는 분이 없어요.",
  role: { guest: "손님", member: "참여자", moderator: "진행자", owner: "주인" },
  hand: (place) => `${place}번째로 손 들었음`,
  micOn: "마이크 켜짐",
  micOff: "마이크 꺼짐",
  cameraOn: "카메라 켜짐",
  sharing: "화면 공유 중",
  menuOf: (name) => `${name} 님에게 할 일`,

  // 다른 분이 나에게 한 일과 부탁
  someone: "진행자",
  mutedBy: {
    mic: (name) => `${name} 님이 마이크를 껐어요.`,
    camera: (name) => `${name} 님이 카메라를 껐어요.`,
    screen: (name) => `${name} 님이 화면 공유를 멈췄어요.`,
    "screen-audio": (name) => `${name} 님이 화면 소리를 멈췄어요.`,
  },
  heldToo: "말하고 싶으면 손을 들어 주세요.",
  askedBy: {
    mic: (name) => `${name} 님이 마이크를 켜 달라고 해요.`,
    camera: (name) => `${name} 님이 카메라를 켜 달라고 해요.`,
    screen: (name) => `${name} 님이 화면을 공유해 달라고 해요.`,
    "screen-audio": (name) => `${name} 님이 화면 소리를 공유해 달라고 해요.`,
  },
  doAsked: { mic: "마이크 켜기", camera: "카메라 켜기", screen: "화면 공유하기", "screen-audio": "화면 공유하기" },
  notNow: "나중에",
  nowRole: {
    guest: "이제 손님이에요. 보고 들을 수 있어요.",
    member: "이제 말하고 화면에 나올 수 있어요.",
    moderator: "이제 이 방의 진행자예요.",
    owner: "이제 이 방의 주인이에요.",
  },
  waitToComeIn: (name, others) => (others === 0 ? `${name} 님이 기다리고 있어요.` : `${name} 님과 다른 ${others}명이 기다리고 있어요.`),
  letIn: "들이기",
  letAllIn: "모두 들이기",
  showThem: "보기",
  accessEnds: "이 방에 있을 수 있는 시간이 1분 남았어요.",

  // 기다리는 분들
  waiting: (n) => `${n}명이 기다리고 있어요`,
  admitOne: (name) => `${name} 님 들이기`,
  denyOne: (name) => `${name} 님 돌려보내기`,

  // 한 분에게 할 수 있는 일
  mute: "마이크 끄기",
  muteAndHold: "마이크 끄고 잠그기",
  askToUnmute: "마이크를 켜 달라고 하기",
  stopCamera: "카메라 끄기",
  stopScreen: "화면 공유 멈추기",
  lowerHand: "손 내리기",
  make: { guest: "손님으로 바꾸기", member: "참여자로 바꾸기", moderator: "진행자로 바꾸기", owner: "주인으로 바꾸기" },
  remove: "내보내기",
  removeOne: (name) => `${name} 님을 내보낼까요?`,
  back: "다시 들어올 수 있는 때",
  backAfter: { 0: "바로", 600: "10분 뒤", 3600: "1시간 뒤", 86400: "하루 뒤" },
  cancel: "취소",

  // 초대
  invite: "초대하기",
  copyLink: "초대 링크 복사",
  inviteAs: "이 링크로 오는 분",
  anyone: "방에서 정한 대로",
  goodFor: "쓸 수 있는 기간",
  spans: { 3600: "1시간", 86400: "하루", 604800: "일주일", 2592000: "30일" },
  uses: "쓸 수 있는 사람 수",
  people: (n) => `${n}명`,
  copied: "링크를 복사했어요.",
  copyByHand: "이 링크를 복사해 주세요",

  // 방 전체
  room: "방 관리",
  muteAll: "모두 마이크 끄기",
  mayUnmute: "스스로 켤 수 있게 하기",
  lock: "방 잠그기",
  lockHint: "새로 들어올 수 없어요.",
  slow: "메시지 사이의 시간",
  slowSpans: { 0: "없음", 10: "10초", 30: "30초", 60: "1분", 300: "5분" },
  clear: "채팅 모두 지우기",
  clearSure: "모두의 채팅을 지울까요?",
  clearDo: "지우기",
  end: "모임 끝내기",
  endSure: "모두의 모임을 끝낼까요?",
  endDo: "끝내기",
  done: "다 했어요.",
  failed: "하지 못했어요. 다시 해 보세요.",
  mayNot: "할 수 없는 일이에요.",
};
