// Runs a real Bluesky PDS with a directory of identities of its own, for one test.
//
// Prints one line of JSON when it takes requests: {"url","plc_url","admin_password"}. Ends when
// its input is closed, so that it cannot outlive the test, or on SIGTERM. PDS_PORT and PLC_PORT
// choose the ports; without them free ones are taken.

import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { PDS, envToCfg, envToSecrets } from '@atproto/pds'
import plcServer from '@did-plc/server'

// A PDS writes its own address into every identity it makes, so it must know its port beforehand.
const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })

const chosenPort = async (name) => Number(process.env[name] ?? 0) || (await freePort())
const key = () => randomBytes(32).toString('hex')

const folder = mkdtempSync(join(tmpdir(), 'fanfare-pds-'))
const adminPassword = key()
const nowhere = 'http://localhost:9'
let plc
let pds

async function start() {
  const plcPort = await chosenPort('PLC_PORT')
  plc = plcServer.PlcServer.create({ db: plcServer.Database.mock(), port: plcPort })
  await plc.start()

  const port = await chosenPort('PDS_PORT')
  const settings = {
    devMode: true,
    hostname: 'localhost',
    port,
    dataDirectory: folder,
    blobstoreDiskLocation: join(folder, 'blobs'),
    blobUploadLimit: 5 * 1024 * 1024,
    didPlcUrl: `http://localhost:${plcPort}`,
    serviceHandleDomains: ['.test'],
    inviteRequired: false,
    disableSsrfProtection: true,
    adminPassword,
    jwtSecret: key(),
    dpopSecret: key(),
    plcRotationKeyK256PrivateKeyHex: key(),
    // Nothing of the wider network is there: reads of app.bsky.* answer 502.
    bskyAppViewUrl: nowhere,
    bskyAppViewDid: 'did:web:appview.test',
    bskyAppViewCdnUrlPattern: `${nowhere}/%s/%s/%s`,
    modServiceUrl: nowhere,
    modServiceDid: 'did:web:mod.test',
    rateLimitsEnabled: process.env.PDS_RATE_LIMITS === '1',
    rateLimitBypassIps: [],
    trustedOAuthClients: [],
    crawlers: [],
    handleBackupNameservers: [],
  }
  pds = await PDS.create(envToCfg(settings), envToSecrets(settings))
  await pds.start()
  const ready = { url: `http://localhost:${port}`, plc_url: settings.didPlcUrl, admin_password: adminPassword }
  process.stdout.write(`${JSON.stringify(ready)}\n`)
}

let stopping = false
async function stop(status) {
  if (stopping) return
  stopping = true
  // Closing waits for idle connections; a test does not.
  setTimeout(() => leave(status), 3000).unref()
  await Promise.allSettled([pds?.destroy(), plc?.destroy()])
  leave(status)
}

function leave(status) {
  rmSync(folder, { recursive: true, force: true })
  process.exit(status)
}

process.on('SIGTERM', () => stop(0))
process.on('SIGINT', () => stop(0))
process.stdin.on('end', () => stop(0))
process.stdin.on('close', () => stop(0))
process.stdin.resume()

start().catch((error) => {
  process.stderr.write(`${error?.stack ?? error}\n`)
  stop(1)
})
