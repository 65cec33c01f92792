// An OpenID provider (panva/node-oidc-provider) on a free port of the loopback,
// for one client: prints its issuer on one line, and ends with its standard input.
//
//   node op.js CLIENT_ID CLIENT_SECRET REDIRECT_URI
//
// Whoever signs in says who they are, and is believed: by a form, or by
// GET /interaction/:uid?login=CODICE_FISCALE&acr=ACR, which is what the form sends.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [client_id, client_secret, redirect_uri] = process.argv.slice(2);
const claim = 'https://attributes.eid.gov.it/fiscal_number';

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id, client_secret, redirect_uris: [redirect_uri],
      response_types: ['code'], grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'client_secret_basic',
    }],
    cookies: { keys: ['of a test'] },
    pkce: { required: () => true, methods: ['S256'] },
    acrValues: ['https://www.spid.gov.it/SpidL1', 'https://www.spid.gov.it/SpidL2'],
    claims: { openid: ['sub', claim], acr: null, auth_time: null, iss: null, sid: null },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: `person-${id.length}`, [claim]: `TINIT-${id}` }) }),
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  });
  const answer = provider.callback();
  server.on('request', async (req, res) => {
    const url = new URL(req.url, issuer);
    if (!url.pathname.startsWith('/interaction/')) return answer(req, res);
    try {
      const { prompt, params, session, grantId } = await provider.interactionDetails(req, res);
      if (prompt.name === 'login' && !url.searchParams.get('login')) {
        res.setHeader('Content-Type', 'text/html');
        res.end('<form>Codice fiscale <input name="login"><input name="acr" value="https://www.spid.gov.it/SpidL2" size="40"><button>Entra</button></form>');
        return;
      }
      let result = { login: { accountId: url.searchParams.get('login'), acr: url.searchParams.get('acr') } };
      if (prompt.name === 'consent') {
        const grant = grantId ? await provider.Grant.find(grantId) : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
        grant.addOIDCScope(params.scope);
        grant.addOIDCClaims([claim]);
        result = { consent: { grantId: await grant.save() } };
      }
      await provider.interactionFinished(req, res, result, { mergeWithLastSubmission: true });
    } catch (err) {
      res.writeHead(500).end(err.message);
    }
  });
  console.log(issuer);
});
process.stdin.resume().on('end', () => process.exit(0));
