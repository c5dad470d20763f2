// A real OpenID provider on loopback for the tests: npm's certified oidc-provider, a page to sign in
// on, and a door by which a test says who its people are. No part of the service.
//
// node server.js CONFIGURATION, a JSON object: port, keys (a JWKS), clients, inIdToken.
import { Provider } from 'oidc-provider';

const { port, keys, clients, inIdToken } = JSON.parse(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;
let people = {};

// The provider's own page would load a font from elsewhere.
function logoutSource(ctx, form) {
  ctx.body = `<!doctype html><html lang="en"><title>Provider</title><h1>Sign out?</h1>${form}
<button form="op.logoutForm" name="logout" value="yes">Yes, sign me out</button></html>`;
}

const provider = new Provider(issuer, {
  clients,
  jwks: keys,
  conformIdTokenClaims: !inIdToken,
  claims: {
    openid: ['sub', 'acr', 'amr', 'auth_time'],
    email: ['email', 'email_verified'],
    profile: ['name', 'groups'],
  },
  findAccount: (ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, ...people[id]?.claims }),
  }),
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: { enabled: true, logoutSource },
    backchannelLogout: { enabled: true },
  },
  acrValues: ['urn:example:strong'],
  interactions: { url: (ctx, interaction) => `/sign-in/${interaction.uid}` },
  cookies: { keys: ['a key of tests'] },
  ttl: { Session: 3600, Grant: 3600, Interaction: 600, IdToken: 600, AccessToken: 600 },
});

const page = (uid) => `<!doctype html><html lang="en"><title>Provider</title>
<h1>Sign in at the provider</h1>
<form method="post" action="/sign-in/${uid}">
<label>Name <input name="login"></label> <button>Sign in</button>
</form></html>`;

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

// Before the provider's own routes.
provider.use(async (ctx, next) => {
  if (ctx.path === '/people' && ctx.method === 'PUT') {
    people = JSON.parse(await body(ctx.req));
    ctx.body = '';
    return undefined;
  }
  if (!ctx.path.startsWith('/sign-in/')) return next();
  if (ctx.method === 'GET') {
    await provider.interactionDetails(ctx.req, ctx.res);
    ctx.type = 'html';
    ctx.body = page(ctx.path.split('/')[2]);
    return undefined;
  }
  const login = new URLSearchParams(await body(ctx.req)).get('login');
  const person = people[login];
  const result = person
    ? { login: { accountId: login, amr: person.amr, acr: person.acr } }
    : { error: 'access_denied', error_description: 'nobody of this name' };
  const location = await provider.interactionResult(ctx.req, ctx.res, result);
  ctx.redirect(location);
  return undefined;
});

provider.listen(port, '127.0.0.1', () => console.log('listening'));
