package main

// korean is what a doctor says in Korean: 해요체, and no particle behind a value, whose
// sound is not known.
func korean() words {
	return words{
		Page:      "페이지",
		Admin:     "관리자용 주소",
		Media:     "오디오와 비디오",
		Addresses: "브라우저가 찾아오는 주소",
		Firewall:  "방화벽",

		Free:            "%s (%s): 비어 있어요.",
		Runs:            "%s (%s): 실행 중인 madang이 쓰고 있어요.",
		Closed:          "%s (%s): 열 수 없어요. %s.",
		UDPPort:         "UDP 포트 %d: %s",
		TCPPort:         "TCP 포트 %d: %s",
		Taken:           "비어 있지 않아요:\n%s",
		TakenByMadang:   "실행 중인 madang이나 다른 프로그램이 쓰고 있어요:\n%s",
		Ports:           "비어 있어요: UDP %s, TCP %s.",
		To:              "~",
		None:            "없음",
		AnyPorts:        "UDP 포트를 그때그때 빈 것으로 골라요(ice.udp_port가 0). 그래서 방화벽에 미리 알려 줄 수 없어요.",
		NoTCP:           "미디어를 받는 TCP 포트가 없어요(ice.tcp_port가 -1). UDP가 막힌 곳에서는 아무 소리도 들리지 않아요.",
		ByOther:         "다른 프로그램이 쓰고 있어요",
		Privileged:      "1024보다 작은 포트는 root이거나 net_bind_service 권한이 있어야 열 수 있어요",
		ThisMachineOnly: `이 컴퓨터에서만 열려요. 다른 사람도 들어오게 하려면 server.listen을 ":8080"으로, 인증서가 있으면 ":443"으로 해 주세요.`,

		NoUDP:          "UDP 포트를 열 수 없어요: %s.",
		BuffersUnknown: "시스템의 UDP 버퍼가 얼마나 큰지 알 수 없어요.",
		BuffersSmall: "시스템의 UDP 버퍼가 작아요(%d KiB). 패킷이 한꺼번에 오면 잃어버려요. root로 한 번 실행해 주세요:\n" +
			"sysctl -w net.core.rmem_max=%d net.core.wmem_max=%d",
		BuffersLarge: "시스템의 UDP 버퍼가 넉넉해요(%d KiB).",

		Told: "브라우저에 알려 주는 주소: %s.",
		NotPublic: "이 가운데 인터넷에서 닿을 수 있는 주소가 없어요. 이 서버가 NAT 뒤에 있다면 밖에서 보이는 주소를 적거나(ice.public_ips)\n" +
			"찾게 하고(ice.stun_server), 아래 포트를 이 서버로 전달해 주세요.",
		ThisMachine:    "이 컴퓨터에서만",
		Internet:       "인터넷",
		ProviderNAT:    "통신사 NAT 뒤",
		ThisNetwork:    "이 네트워크에서만",
		NobodyAsked:    "밖에서 이 서버가 어떻게 보이는지 물어볼 곳이 없어요. ice.stun_server에 적어 주세요.",
		NotFound:       "%s. 밖으로 나가는 UDP가 막혀 있을 수 있어요.",
		SeenAsItself:   "밖에서 보이는 주소: %s. 이 서버의 주소와 같으니 NAT가 없어요.",
		SeenThroughNAT: "밖에서 보이는 주소: %s. NAT가 있으니, 아래 포트를 같은 번호 그대로 이 서버로 전달해야 해요.",

		SelfSigned:     "스스로 서명한 인증서예요. 모든 브라우저가 한 번씩 경고해요.",
		SelfSignedAnew: "스스로 서명한 인증서예요. 서버를 시작할 때마다 모든 브라우저가 한 번씩 경고해요. tls.dir을 정하면 처음 한 번만 경고해요.",
		ACME:           "발급 기관에서 받는 인증서의 이름: %s. 발급 기관이 이 이름으로 서버의 443번 포트나 80번 포트(server.redirect_listen)에 닿을 수 있어야 해요.",
		TLSInFront:     "여기서는 TLS를 쓰지 않아요. 서버 앞단에서 TLS를 맡아야 해요: %s.",
		TLSOff:         "TLS를 쓰지 않아요. 브라우저는 localhost 페이지에서만 카메라와 마이크를 쓰게 해 줘요. madang config docs의 tls를 보세요.",
		Unusable:       "인증서를 쓸 수 없어요: %v.",
		NotYet:         "인증서가 %s부터 유효해요. 시계가 맞나요?",
		Ended:          "인증서가 %s에 끝났어요.",
		EndsSoon:       "인증서가 %s에 끝나요. 갱신해 주세요. 파일이 바뀌면 서버가 알아채요.",
		Good:           "인증서의 이름: %s. %s까지 유효해요.",
		OtherName:      "인증서에 이 이름이 없어요: %s (server.public_url).",
		NoChain:        "파일에 중간 인증서 없이 인증서 하나만 있어요. 믿지 않는 브라우저가 있으니 fullchain.pem을 써 주세요.",

		TestPage:        "연결이 잘 안 되는 사람이 있으면, 그 기기에서 이 주소를 열게 해 주세요: %s",
		NoAdmin:         "관리자용 주소가 없어요(server.admin_listen이 비어 있음). 지표도 없고, 방 밖에서 할 수 있는 일도 없어요.",
		AdminByToken:    "이 컴퓨터에서만 열려요. API는 server.admin_token이 있어야 쓸 수 있어요.",
		AdminTokenless:  "이 컴퓨터에서만 열려요. 지표와 프로파일을 보여 줘요. API도 쓰려면 server.admin_token_file을 정해 주세요.",
		AdminInTheClear: "다른 컴퓨터에서도 닿는데 HTTP라서 토큰이 암호화되지 않아요. localhost로 두거나, 믿을 수 있는 네트워크 안에만 두세요.",
		AdminForNobody:  "다른 컴퓨터에서도 닿지만 server.admin_token이 없어서 모두 거절돼요. localhost로 두거나 server.admin_token_file을 정해 주세요.",

		NoPorts: "정해진 포트가 없어서 방화벽에 알려 줄 것이 없어요.",
		LetIn: "사람들이 이 포트로 들어와야 해요. 아래에서 쓰고 있는 방화벽의 줄을 골라 root로 붙여 넣어 주세요.\n" +
			"클라우드에 따로 방화벽(보안 그룹)이 있으면 거기서도 열어 주세요.",
		NFT: "nft, 체인이 inet filter input일 때",
	}
}
