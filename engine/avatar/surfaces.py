"""The shaders of imported models: a toon (MToon 1.0) and a soft one for glTF's metal-rough materials.

As in ``shaders``, all light is counted at the vertices, and a fragment is one texture read, a product and a sum. A
toon's step from light to shade is made in the fragment, from the angle that the vertices bring, so that it is crisp.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from engine.avatar.body_file import Surface
from engine.avatar.shaders import FRAGMENT_HEADER, VERTEX_INPUT
from engine.avatar.springs import MOST_BONES

_INPUT = VERTEX_INPUT + "in vec2 uv; in vec4 dyed;\n"

_SWING = f"""
in vec4 swing; in vec4 swing_weight; uniform vec4 swung[{MOST_BONES * 3}];
void carry_swung() {{
  carry(); vec3 far = vec3(0), turned = vec3(0);
  for (int k = 0; k < 4; k++) {{
    int at = int(swing[k] + .5) * 3; float w = swing_weight[k]; vec4 p = vec4(position, 1), n = vec4(normal, 0);
    far += w * vec3(dot(swung[at], p), dot(swung[at + 1], p), dot(swung[at + 2], p));
    turned += w * vec3(dot(swung[at], n), dot(swung[at + 1], n), dot(swung[at + 2], n));
  }}
  place.xyz += far; N = normalize(N + turned); V = normalize(eye - place.xyz); gl_Position = camera * place; }}
"""

_TOON = """
uniform vec3 rim; uniform float rim_power; uniform float rim_lift; uniform vec3 glow;
out vec2 at; out float facing; out vec4 tinted; out vec3 added;
void toon() {
  if (dot(N, V) < 0.) N = -N;
  at = uv; tinted = dyed; facing = dot(N, normalize(vec3(-.45, -1., .75)));
  float away = clamp(1. - dot(N, V) + rim_lift, 0., 1.);
  added = sqrt(rim * pow(away, max(rim_power, .01)) + glow); }
"""
_TOON_FRAGMENT = (
    FRAGMENT_HEADER
    + """
in vec2 at; in float facing; in vec4 tinted; in vec3 added; out vec4 colour;
uniform sampler2D base; uniform sampler2D shade; uniform vec3 tint; uniform vec3 shade_tint; uniform vec2 ramp;
uniform float cutoff; uniform float opacity; uniform float opaque;
void main() {
  vec4 t = texture(base, at); float alpha = t.a * opacity * tinted.a; if (alpha < cutoff) discard;
  float lit = clamp((facing + ramp.x) * ramp.y + .5, 0., 1.);
  vec3 c = mix(SHADE * shade_tint, t.rgb * tint, lit) * tinted.rgb + added;
  ALPHA }"""
)

_SOFT = """
uniform vec3 mean; uniform vec3 tint; uniform float wrap; uniform float gloss; uniform vec3 glow;
out vec3 at; out vec3 scaled; out vec3 added;
void soft() {
  if (dot(N, V) < 0.) N = -N;
  at = vec3(uv, dyed.a); float cover = seen().x, key = seen().y;
  vec3 albedo = max(mean * tint * dyed.rgb * dyed.rgb, vec3(1e-4));
  // What wraps light around like skin lets its red through farthest.
  float flesh = smoothstep(.2, .4, wrap);
  vec3 around = mix(vec3(1), vec3(1., .57, .43), flesh) * wrap;
  vec3 d = clamp((vec3(dot(N, KEY)) + around) / (1. + around), 0., 1.);
  d *= mix(vec3(key), vec3(1.), .12 * around / max(wrap, .01) + vec3(.03));
  float nf = clamp((dot(N, FILL) + .35) / 1.35, 0., 1.);
  vec3 open = exp2(log2(max(cover, .02)) * mix(vec3(1), vec3(.87, 1., 1.05), flesh));
  float away = 1. - clamp(dot(N, V), 0., 1.), fresnel = away * away * away * away;
  vec3 lit = KEY_COLOUR * d + FILL_COLOUR * nf * open + ambient(N) * open + fresnel * .16 * open;
  vec3 rim = rims(N) * fresnel * cover * RIM_COLOUR * .8;
  float shine = ggx(max(dot(N, normalize(KEY + V)), 0.), .46) * key * max(dot(N, KEY), 0.) * gloss;
  vec3 whole = albedo * lit * mix(1., .955, flesh); vec3 seen_as = toned(whole);
  scaled = seen_as / sqrt(max(mean, vec3(1e-4)));
  added = toned(whole + rim * (albedo * .6 + .3) + shine * KEY_COLOUR + glow) - seen_as; }
"""
_SOFT_FRAGMENT = (
    FRAGMENT_HEADER
    + """
in vec3 at; in vec3 scaled; in vec3 added; out vec4 colour;
uniform sampler2D base; uniform float cutoff; uniform float opacity; uniform float opaque;
void main() {
  vec4 t = texture(base, at.xy); float alpha = t.a * opacity * at.z; if (alpha < cutoff) discard;
  vec3 c = t.rgb * scaled + added; ALPHA }"""
)

_SOLID, _BLENDED = "colour = vec4(c.bgr, opaque);", "colour = vec4(c.bgr * alpha, alpha);"


def _program(light: str, name: str, fragment: str, *, swung: bool) -> tuple[str, str]:
    carried = "carry_swung" if swung else "carry"
    head = _INPUT + (_SWING if swung else "")
    return f"{head}{light}void main() {{ {carried}(); {name}(); }}", fragment


def _sources() -> Iterator[tuple[str, tuple[str, str]]]:
    for blended, swung in itertools.product((False, True), repeat=2):
        tail = ("_blended" if blended else "") + ("_swung" if swung else "")
        alpha = _BLENDED if blended else _SOLID
        for name, read in (("toon", "t.rgb"), ("toon_shaded", "texture(shade, at).rgb")):
            text = _TOON_FRAGMENT.replace("SHADE", read).replace("ALPHA", alpha)
            yield name + tail, _program(_TOON, "toon", text, swung=swung)
        yield "soft" + tail, _program(_SOFT, "soft", _SOFT_FRAGMENT.replace("ALPHA", alpha), swung=swung)


SURFACES: dict[str, tuple[str, str]] = dict(_sources())
"""Vertex and fragment source by program: kind, with "_shaded" (a shade texture), "_blended" and "_swung"."""


def surface_program(kind: str, surface: Surface, *, swung: bool) -> str:
    """The name in ``SURFACES`` of what draws a part."""
    shaded = "_shaded" if kind == "toon" and surface.shade_texture >= 0 else ""
    return kind + shaded + ("_blended" if surface.blended else "") + ("_swung" if swung else "")
