//! A browser with an authenticator, as far as a server sees them: ES256 keys, no attestation. What a wrong
//! one would do can be set.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const PRESENT: u8 = 1;
const VERIFIED: u8 = 4;
const HAS_KEY: u8 = 0x40;

/// One passkey, and the browser around it.
pub(super) struct Authenticator {
    key: EcdsaKeyPair,
    pub(super) id: Vec<u8>,
    /// Whose it says that it is.
    pub(super) handle: String,
    /// The next count of uses.
    pub(super) count: u32,
    /// Where the browser says that it is.
    pub(super) origin: String,
    /// Which site the passkey is for.
    pub(super) site: String,
    /// Whether the person was asked for a finger or a PIN.
    pub(super) verifies: bool,
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64.encode(bytes)
}

impl Authenticator {
    pub(super) fn new(id: u8) -> Self {
        Self {
            key: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap(),
            id: vec![id; 16],
            handle: String::new(),
            count: 0,
            origin: "https://social.example.org".to_owned(),
            site: "social.example.org".to_owned(),
            verifies: true,
        }
    }

    fn data(&self, more: u8) -> Vec<u8> {
        let mut data = Sha256::digest(self.site.as_bytes()).to_vec();
        data.push(PRESENT | more | if self.verifies { VERIFIED } else { 0 });
        data.extend(self.count.to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, challenge: &Value) -> String {
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
    }

    /// `navigator.credentials.create`
    pub(super) fn create(&mut self, options: &Value) -> Value {
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(options["rp"]["id"], "social.example.org");
        options["user"]["id"].as_str().unwrap().clone_into(&mut self.handle);
        let client_data = self.client_data("webauthn.create", &options["challenge"]);
        let point = self.key.public_key().as_ref();
        let mut data = self.data(HAS_KEY);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        // {1: 2, 3: -7, -1: 1, -2: x, -3: y} in CBOR.
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point[33..]);
        // {"fmt": "none", "attStmt": {}, "authData": data}
        let mut object = vec![0xa3, 0x63];
        object.extend(b"fmt\x64none\x67attStmt\xa0\x68authData");
        object.push(0x58);
        object.push(u8::try_from(data.len()).unwrap());
        object.extend(data);
        json!({
            "id": encode(&self.id), "rawId": encode(&self.id), "type": "public-key",
            "authenticatorAttachment": "platform", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encode(client_data), "attestationObject": encode(object),
                "transports": ["internal"],
            },
        })
    }

    /// `navigator.credentials.get`
    pub(super) fn get(&mut self, options: &Value) -> Value {
        assert_eq!(options["userVerification"], "required");
        assert_eq!(options["allowCredentials"], json!([]));
        let client_data = self.client_data("webauthn.get", &options["challenge"]);
        let data = self.data(0);
        let signed = [data.as_slice(), Sha256::digest(client_data.as_bytes()).as_slice()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        json!({
            "id": encode(&self.id), "rawId": encode(&self.id), "type": "public-key",
            "authenticatorAttachment": "platform", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encode(client_data), "authenticatorData": encode(data),
                "signature": encode(signature), "userHandle": self.handle,
            },
        })
    }
}
