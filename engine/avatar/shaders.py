"""The shaders of the live picture: lit per vertex, one or two texture reads a fragment, no ``pow`` there.

llvmpipe runs them on the CPU in blocks of 4x4 pixels, so a fragment of a small triangle costs most. Light is linear
with gamma 2 (square in, square root out) and is taken through the tone curve at the vertices: with a texture t of
square roots, sqrt(t * t * light) is t * sqrt(light), so a fragment is a texture read, a product and a sum.
Output is premultiplied BGRA with alpha 1 where there is body, or ``COVERING`` where there is hair of the head.
"""

from __future__ import annotations

COVERING = 254
"""The alpha, of 255, that tells hair in front of a face from the face."""

SEAMS_A_METRE, HEM = 700.0, (0.06, 0.955)
"""Cloth is darker within a metre over this beside a seam, and outside this range of ``edge``."""

LIGHT = """
const vec3 KEY = normalize(vec3(-.55, -1., .62));
const vec3 FILL = normalize(vec3(.9, -.75, .1));
const vec3 RIM = normalize(vec3(.75, .75, .45));
const vec3 RIM2 = normalize(vec3(-.8, .7, .35));
const vec3 KEY_COLOUR = vec3(1.040, .989, .928);
const vec3 FILL_COLOUR = vec3(.93, .92, 1.) * .30;
const vec3 RIM_COLOUR = vec3(1., .97, .95) * .85;
vec3 linear(vec3 c) { return c * c; }
vec3 toned(vec3 c) { c = clamp(c, 0., 2.); return sqrt(c * (1. + c * (c * .018 - .115))); }
vec4 shown(vec3 c) { return vec4(toned(c).bgr, 1.); }
vec3 ambient(vec3 n) { return mix(vec3(.36, .28, .26), vec3(.50, .51, .54), n.z * .5 + .5) * .80; }
float ggx(float nh, float rough) {
  float a = rough * rough; float d = nh * nh * (a * a - 1.) + 1.; return a * a / (3.1416 * d * d); }
float rims(vec3 n) { return pow(max(dot(n, RIM), 0.), 1.5) + .65 * pow(max(dot(n, RIM2), 0.), 1.5); }
"""

FRAGMENT_HEADER = "#version 330\n"

VERTEX_INPUT = (
    FRAGMENT_HEADER
    + LIGHT
    + """
in vec3 position; in vec3 normal; in vec2 light; in vec4 neck; in float raised;
uniform mat4 camera; uniform vec3 eye; uniform mat4 bone0; uniform mat4 bone1; uniform mat4 bone2; uniform mat4 bone3;
uniform float lifted;
vec4 place; vec3 N; vec3 V;
vec2 seen() { return mix(light, max(light, vec2(.80, .92)), lifted * raised); }
void carry_rigid() {
  place = bone3 * vec4(position, 1); N = normalize(mat3(bone3) * normal);
  V = normalize(eye - place.xyz); gl_Position = camera * place; }
void carry() {
  float still = 1. - neck.x - neck.y - neck.z - neck.w; vec4 p = vec4(position, 1);
  place = p * still + (bone0 * p) * neck.x + (bone1 * p) * neck.y + (bone2 * p) * neck.z + (bone3 * p) * neck.w;
  N = normalize(normal * still + mat3(bone0) * normal * neck.x + mat3(bone1) * normal * neck.y
    + mat3(bone2) * normal * neck.z + mat3(bone3) * normal * neck.w);
  V = normalize(eye - place.xyz); gl_Position = camera * place; }
"""
)

SKIN_VERTEX = (
    VERTEX_INPUT
    + """
in vec2 paint; in float inner_mouth; in float ear; in float scalp;
uniform vec3 skin_tone; uniform vec3 hair_root; uniform float mouth_open;
out vec3 scaled; out vec3 added; out float glossy; out vec2 at;
void main() {
  carry(); at = paint;
  float cover = mix(seen().x, .35, inner_mouth), key = mix(seen().y, .15, inner_mouth);
  float nk = dot(N, KEY); vec3 wrap = vec3(.42, .24, .18);
  vec3 d = clamp((vec3(nk) + wrap) / (1. + wrap), 0., 1.);
  d *= mix(vec3(key), vec3(1), vec3(.08, .035, .025) + vec3(.09, .03, .02) * (1. - key));
  float nf = clamp((dot(N, FILL) + .4) / 1.4, 0., 1.);
  vec3 open = exp2(log2(max(cover, .02)) * vec3(.85, 1.0, 1.06));
  float away = 1. - clamp(dot(N, V), 0., 1.); float fresnel = away * away * away * away;
  vec3 lit = KEY_COLOUR * d + FILL_COLOUR * nf * open + ambient(N) * open + fresnel * .20 * vec3(1., .75, .65) * open;
  lit *= mix(vec3(.955), vec3(.90, .84, .82), ear);
  float gloss = ggx(max(dot(N, normalize(KEY + V)), 0.), .46) * key * max(nk, 0.) * 1.7;
  vec3 rim = rims(N) * fresnel * 1.1 * cover * RIM_COLOUR * .8;
  float plain = (1. - scalp) * (1. - inner_mouth * .6);
  vec3 albedo = mix(skin_tone, vec3(.30, .06, .06) * (.15 + .5 * mouth_open), inner_mouth);
  albedo = mix(albedo, hair_root * .8, scalp);
  float fair = clamp(dot(skin_tone, vec3(.30, .59, .11)) * 1.7, 0., 1.);
  vec3 matt = albedo * lit + rim * mix(albedo * 1.3 + .05, albedo * .4 + .6, fair);
  vec3 glint = gloss * KEY_COLOUR * mix(skin_tone * 2.2 + .42, vec3(1), fair);
  vec3 dull = toned(matt + glint * .008);
  vec3 bright = toned(matt + glint * mix(.008, .036, plain));
  float kept = (1. - inner_mouth) * (1. - scalp);
  scaled = toned(albedo * lit) / sqrt(max(albedo, 1e-4)) * kept;
  added = dull - scaled * sqrt(skin_tone);
  glossy = dot(bright - dull, vec3(.33)); }"""
)
SKIN_FRAGMENT = (
    FRAGMENT_HEADER
    + """
in vec3 scaled; in vec3 added; in float glossy; in vec2 at;
out vec4 colour;
uniform sampler2D paint_map;
void main() { vec4 t = texture(paint_map, at); colour = vec4((t.rgb * scaled + added + t.a * glossy).bgr, 1.); }"""
)

HAIR_VERTEX = (
    VERTEX_INPUT
    + """
in vec3 along; in vec4 strand; uniform vec3 hair_root; uniform vec3 hair_tip;
out vec3 dark; out vec3 streaked; out vec2 at;
vec3 diffuse; vec3 shine;
vec3 coloured(float streak) {
  float contrast = .55 * min(.25 + strand.y * 4., 1.);
  float light = clamp(.28 + .30 * strand.y + contrast * (streak - .45) + .20 * (strand.z - .5), 0., 1.);
  return toned(mix(hair_root, hair_tip, light) * diffuse + shine * (.35 + streak * 1.2)); }
float lobe(vec3 t, vec3 h, float power) { float a = dot(t, h); return pow(max(1. - a * a, 0.), power); }
void main() {
  carry();
  float follow = neck.x + neck.y + neck.z + neck.w;
  vec3 T = normalize(mix(along, mat3(bone3) * along, follow)); if (dot(N, V) < -.2) N = -N;
  float cover = light.x, key = light.y;
  float open = mix(.25, 1., cover) * mix(.80, 1., clamp(strand.w * .5, 0., 1.));
  float tk = dot(T, KEY);
  float d = mix(sqrt(max(1. - tk * tk, 0.)), clamp((dot(N, KEY) + .35) / 1.35, 0., 1.), .72);
  diffuse = KEY_COLOUR * d * mix(.18, 1., key) + FILL_COLOUR * clamp(dot(N, FILL) * .6 + .4, 0., 1.) * open
    + ambient(N) * open * open;
  vec3 H = normalize(KEY + V), T1 = normalize(T + N * .06), T2 = normalize(T - N * .22);
  float facing = clamp(dot(N, KEY) * 1.3 + .25, 0., 1.) * mix(.1, 1., key) * open;
  float past_root = smoothstep(.0, .16, strand.y);
  vec3 lobes = lobe(T1, H, 60.) * .30 * vec3(1., .93, .86) + lobe(T2, H, 14.) * .75 * hair_tip;
  shine = KEY_COLOUR * facing * past_root * lobes;
  diffuse *= mix(.78, 1., past_root);
  diffuse += past_root * RIM_COLOUR * 2.2 * cover * (
    lobe(T1, normalize(RIM + V), 24.) * .30 * max(dot(N, RIM) + .25, 0.)
    + lobe(T1, normalize(RIM2 + V), 24.) * .2 * max(dot(N, RIM2) + .25, 0.));
  dark = coloured(.2); streaked = (coloured(.8) - dark) / .6; dark -= .2 * streaked;
  at = vec2(strand.x * .32 + strand.z * 7., strand.y * .35 + strand.z * 3.); }"""
)
HAIR_FRAGMENT = (
    FRAGMENT_HEADER
    + """
in vec3 dark; in vec3 streaked; in vec2 at; out vec4 colour;
uniform sampler2D streaks; uniform float opaque;
void main() { colour = vec4((dark + texture(streaks, at).r * streaked).bgr, opaque); }"""
)

_CLOTH = """
uniform vec3 dye; uniform float sheen; out vec3 lit;
void light_cloth() {
  carry(); if (dot(N, V) < 0.) N = -N;
  float cover = seen().x, key = seen().y; vec3 albedo = linear(dye) * .82;
  float nk = clamp((dot(N, KEY) + .18) / 1.18, 0., 1.), nf = clamp((dot(N, FILL) + .3) / 1.3, 0., 1.);
  vec3 c = albedo * (KEY_COLOUR * nk * mix(.12, 1., key) + FILL_COLOUR * nf * cover * 1.1 + ambient(N) * cover);
  float fresnel = pow(1. - clamp(dot(N, V), 0., 1.), 3.5);
  c += fresnel * sheen * (albedo * .8 + .06) * (.4 + .6 * cover);
  c += rims(N) * fresnel * RIM_COLOUR * .55 * (albedo + .05);
  lit = toned(c); }
"""
_RIB = """
float ribbed(vec2 knit) {
  float valley = abs(fract(knit.x) * 2. - 1.); return 1. + .5 * knit.y * (.33 - valley * valley); }
"""

CLOTH_VERTEX = (
    VERTEX_INPUT
    + _CLOTH
    + """
in float keep; in float edge; in float seam; in vec2 rib; out vec3 at; out vec2 knit;
void main() { light_cloth(); at = vec3(keep, edge, seam * SEAMS_A_METRE); knit = rib; }"""
).replace("SEAMS_A_METRE", f"{SEAMS_A_METRE:.1f}")
CLOTH_FRAGMENT = (
    (
        FRAGMENT_HEADER
        + _RIB
        + """
in vec3 lit; in vec3 at; in vec2 knit; out vec4 colour; uniform float stitched;
void main() {
  if (at.x < 0.) discard;
  float rim = smoothstep(0., HEM.x, at.y) * (1. - smoothstep(HEM.y, 1., at.y));
  float worked = (.81 + .19 * min(abs(at.z), 1.)) * ribbed(knit);
  colour = vec4((lit * worked * mix(1., mix(.85, 1., rim), stitched)).bgr, 1.); }"""
    )
    .replace("HEM.x", f"{HEM[0]}")
    .replace("HEM.y", f"{HEM[1]}")
)

RIBBED_VERTEX = VERTEX_INPUT + _CLOTH + "in vec2 rib; out vec2 knit; void main() { light_cloth(); knit = rib; }"
RIBBED_FRAGMENT = (
    FRAGMENT_HEADER
    + _RIB
    + "in vec3 lit; in vec2 knit; out vec4 colour; void main() { colour = vec4((lit * ribbed(knit)).bgr, 1.); }"
)
PLAIN_VERTEX = VERTEX_INPUT + _CLOTH + "void main() { light_cloth(); }"
PLAIN_FRAGMENT = FRAGMENT_HEADER + "in vec3 lit; out vec4 colour; void main() { colour = vec4(lit.bgr, 1.); }"

EYE_VERTEX = (
    VERTEX_INPUT
    + """
in vec3 direction; out vec3 where; out vec3 towards; out float cover;
void main() { carry_rigid(); where = place.xyz; towards = mat3(bone3) * direction; cover = light.x + .0 * N.x; }"""
)
EYE_FRAGMENT = (
    FRAGMENT_HEADER
    + LIGHT
    + """
in vec3 where; in vec3 towards; in float cover; out vec4 colour;
uniform vec3 eye; uniform vec3 gaze; uniform vec3 iris; uniform sampler2D streaks;
const float IRIS_RADIUS = .475, PUPIL = .40;
void main() {
  vec3 d = normalize(towards), V = normalize(eye - where);
  float ct = dot(d, gaze), angle = acos(clamp(ct, -1., 1.));
  vec3 right = normalize(cross(gaze, vec3(0, 0, 1))), up = cross(right, gaze);
  float q = angle / IRIS_RADIUS; vec2 e = vec2(dot(d, right), dot(d, up)); float turn = atan(e.y, e.x);
  float coarse = texture(streaks, vec2(turn * .9549 + .5, .3 + q * .08)).r;
  float fibre = mix(coarse, texture(streaks, vec2(turn * 2.2, .7)).r, .35);
  vec3 base = linear(iris);
  vec3 c = mix(base * 1.7 + vec3(.03, .02, .005), base * .75, smoothstep(.30, .95, q)) * (.65 + .75 * fibre);
  c *= 1. + .9 * (1. - smoothstep(-.9, .2, dot(normalize(e + 1e-5), vec2(-.45, .9)))) * smoothstep(.3, .6, q);
  c = mix(c, vec3(.012, .008, .008), smoothstep(.80, 1.02, q) * .85);
  c = mix(vec3(.004), c, smoothstep(PUPIL - .04, PUPIL + .05, q));
  vec3 white = mix(linear(vec3(.945, .925, .92)), linear(vec3(.90, .72, .69)), smoothstep(.75, 1.25, angle) * .55);
  float outside = smoothstep(.96, 1.06, q); vec3 albedo = mix(c, white, outside);
  float nk = clamp((dot(d, KEY) + .45) / 1.45, 0., 1.);
  float lid = mix(.42, 1., 1. - smoothstep(-.05, .34, d.z + .10));
  vec3 lit = albedo * (KEY_COLOUR * nk * mix(.55, 1., smoothstep(.15, .7, cover)) * lid * .80
    + ambient(d) * pow(cover, .9) * lid * 1.05 + FILL_COLOUR * .5 * cover);
  vec3 bulge = normalize(mix(d, normalize(d + (d - gaze * ct) * .55), 1. - outside));
  vec3 R = reflect(-V, bulge), off = R - normalize(vec3(-.62, -1., .95));
  float box = max(abs(dot(off, vec3(.85, -.5, 0))), abs(off.z) * 1.05);
  float glint = (1. - smoothstep(.22, .30, box)) * .85;
  glint += smoothstep(.965, .985, dot(R, normalize(vec3(.75, -1., -.35)))) * .25;
  lit += glint * mix(.35, 1., 1. - outside) * smoothstep(.08, .3, cover) * vec3(1., .99, .97);
  colour = shown(lit); }"""
)

MOUTH_VERTEX = (
    VERTEX_INPUT
    + """
uniform vec3 dye; uniform float mouth_open; uniform float lip_front; out vec3 lit;
void main() {
  carry_rigid();
  float depth = 1. - smoothstep(.012, .045, position.y - lip_front);
  float open = (.17 + .83 * depth) * (.84 + .16 * mouth_open) * mix(.94, 1., light.x);
  float nk = clamp((dot(N, KEY) + .5) / 1.5, 0., 1.);
  // What is deep in the mouth is lit by its red walls only.
  lit = linear(dye) * (KEY_COLOUR * nk * .95 + ambient(N) * .95) * open * mix(vec3(.50, .16, .13), vec3(1), depth);
  lit += pow(max(dot(N, normalize(KEY + V)), 0.), 40.) * .25 * open; lit = toned(lit); }"""
)
MOUTH_FRAGMENT = FRAGMENT_HEADER + "in vec3 lit; out vec4 colour; void main() { colour = vec4(lit.bgr, 1.); }"

LASH_VERTEX = VERTEX_INPUT + "void main() { carry_rigid(); }"
LASH_FRAGMENT = FRAGMENT_HEADER + LIGHT + "out vec4 colour; void main() { colour = shown(vec3(.020, .009, .007)); }"

DECAL_VERTEX = (
    VERTEX_INPUT
    + """
in vec2 logo_at; out vec2 at; out vec3 lit;
void main() {
  carry(); at = logo_at;
  float nk = clamp((dot(N, KEY) + .18) / 1.18, 0., 1.), nf = clamp((dot(N, FILL) + .3) / 1.3, 0., 1.);
  lit = KEY_COLOUR * nk * mix(.12, 1., light.y) + FILL_COLOUR * nf * light.x * 1.1 + ambient(N) * light.x; }"""
)
DECAL_FRAGMENT = (
    FRAGMENT_HEADER
    + LIGHT
    + """
in vec2 at; in vec3 lit; out vec4 colour; uniform sampler2D logo;
void main() {
  vec4 t = texture(logo, at); if (t.a < .5) discard;
  colour = shown(t.rgb * t.rgb * lit * .9); }"""
)

PROGRAMS: dict[str, tuple[str, str]] = {
    "skin": (SKIN_VERTEX, SKIN_FRAGMENT),
    "hair": (HAIR_VERTEX, HAIR_FRAGMENT),
    "cloth": (CLOTH_VERTEX, CLOTH_FRAGMENT),
    "ribbed": (RIBBED_VERTEX, RIBBED_FRAGMENT),
    "plain": (PLAIN_VERTEX, PLAIN_FRAGMENT),
    "eye": (EYE_VERTEX, EYE_FRAGMENT),
    "mouth": (MOUTH_VERTEX, MOUTH_FRAGMENT),
    "lash": (LASH_VERTEX, LASH_FRAGMENT),
    "decal": (DECAL_VERTEX, DECAL_FRAGMENT),
}
"""Vertex and fragment source by part kind; cloth without hem and seam has simpler ones, knitted and plain."""
