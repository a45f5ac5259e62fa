package main

// english is what a doctor says in English.
func english() words {
	return words{
		Page:      "The page",
		Admin:     "The admin listener",
		Media:     "Audio and video",
		Addresses: "Where clients look for them",
		Firewall:  "The firewall",

		Free:            "%s (%s) is free.",
		Runs:            "%s (%s) is taken by a madang that runs.",
		Closed:          "%s (%s) cannot be opened: %s.",
		UDPPort:         "UDP port %d: %s",
		TCPPort:         "TCP port %d: %s",
		Taken:           "Not free:\n%s",
		TakenByMadang:   "A madang that runs has these, or another program:\n%s",
		Ports:           "Free: UDP %s; TCP %s.",
		To:              " to ",
		None:            "none",
		AnyPorts:        "The UDP ports are any that are free (ice.udp_port is 0): no firewall can be told.",
		NoTCP:           "No TCP port takes media (ice.tcp_port is -1): where UDP is blocked nobody is heard.",
		ByOther:         "another program has it",
		Privileged:      "ports below 1024 are for root, or for who has the right net_bind_service",
		ThisMachineOnly: `It is for this machine only. For others too: server.listen ":8080", or ":443" with a certificate.`,

		NoUDP:          "No UDP port can be opened: %s.",
		BuffersUnknown: "The system does not say how large its UDP buffers are.",
		BuffersSmall: "The system's UDP buffers are small (%d KiB): bursts lose packets. As root, once:\n" +
			"sysctl -w net.core.rmem_max=%d net.core.wmem_max=%d",
		BuffersLarge: "The system's UDP buffers are large enough (%d KiB).",

		Told: "Clients are told of %s.",
		NotPublic: "None of these can be reached from the Internet. If this host is behind a NAT, say by which address it is\n" +
			"seen (ice.public_ips), or have that found (ice.stun_server), and forward the ports below to this host.",
		ThisMachine:  "this machine only",
		Internet:     "the Internet",
		ProviderNAT:  "behind the provider's NAT",
		ThisNetwork:  "this network only",
		NobodyAsked:  "Nobody was asked what this host looks like from outside: ice.stun_server names who is.",
		NotFound:     "%s. UDP may be blocked on the way out.",
		SeenAsItself: "From outside this host is seen as %s, which is its own address: no NAT.",
		SeenThroughNAT: "From outside this host is seen as %s: there is a NAT, which must forward the ports below to this host\n" +
			"under the same numbers.",

		SelfSigned:     "The certificate is self-signed: every browser warns once.",
		SelfSignedAnew: "The certificate is self-signed: every browser warns once, on every start of the server; with tls.dir only once.",
		ACME:           "The certificate is got from an issuer for %s, who must reach this server by that name on port 443, or on port 80 by server.redirect_listen.",
		TLSInFront:     "TLS is off here, so something in front of this server must speak it for %s.",
		TLSOff:         "TLS is off: browsers give camera and microphone to pages from localhost only. See tls in madang config docs.",
		Unusable:       "The certificate cannot be used: %v.",
		NotYet:         "The certificate begins on %s only. Is the clock right?",
		Ended:          "The certificate ended on %s.",
		EndsSoon:       "The certificate ends on %s: renew it; the server sees when its files change.",
		Good:           "The certificate is for %s, until %s.",
		OtherName:      "The certificate is not for %s, which is the name in server.public_url.",
		NoChain:        "The file holds one certificate without its chain: some browsers will not trust it. Use fullchain.pem.",

		TestPage:        "Where somebody has trouble, let them open %s on the device that has it.",
		NoAdmin:         "There is none (server.admin_listen is empty): no metrics, and nothing that could be done from outside a room.",
		AdminByToken:    "It is for this machine only; its API is for who has server.admin_token.",
		AdminTokenless:  "It is for this machine only. It shows metrics and profiles; for the API too, set server.admin_token_file.",
		AdminInTheClear: "Other hosts reach it, and it speaks HTTP: the token goes in the clear. Keep it at localhost, or in a network of yours.",
		AdminForNobody:  "Other hosts reach it, and are refused for want of server.admin_token. Keep it at localhost, or set server.admin_token_file.",

		NoPorts: "No port is fixed, so there is nothing to tell a firewall.",
		LetIn: "These ports must let clients in. Of the lines below, paste those of your firewall, as root;\n" +
			"where a provider has a firewall of its own (security group), open them there too.",
		NFT: "nft, where the chain is inet filter input",
	}
}
