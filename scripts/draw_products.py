"""Draw the demo shop's product pictures: ``python scripts/draw_products.py [folder] [id …]``.

Each is a 640x640 PNG, the same to the byte every time. What is drawn is what the demo catalogue says of the product.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from pathlib import Path

from vector_art import Art, Mask, box, ellipse, path, polygon, rgb, round_body, shape, stroke, tone

WHITE = (1.0, 1.0, 1.0)
BLACK = (0.0, 0.0, 0.0)
STEEL = rgb("#c3c6c9")
CHARCOAL = rgb("#3b3d41")
WOOD = rgb("#b98253")


def bottle() -> Art:
    art, sage = Art(rgb("#d9dfd6"), frame=(62, 24, 570)), rgb("#86a48c")
    art.shadow(322, 92)
    body = shape(
        "M 232 262 C 232 214 268 206 272 176 L 372 176 C 376 206 412 214 412 262 L 412 526 "
        "C 412 542 402 550 388 550 L 256 550 C 242 550 232 542 232 526"
    )
    art.grade(body, round_body(sage))
    art.grade(box(234, 520, 176, 34, 8).within(body), round_body(tone(sage, 0.80)), opacity=0.75)
    art.grade(box(266, 158, 112, 20, 4), round_body(STEEL, 1.25))
    lid = shape(
        "M 258 106 Q 258 92 274 92 L 370 92 Q 386 92 386 106 L 386 152 Q 386 160 376 160 L 268 160 Q 258 160 258 152"
    )
    loop = stroke(path("M 282 96 C 282 40 362 40 362 96"), 15)
    art.grade(loop, round_body(tone(CHARCOAL, 1.06)))
    art.grade(lid, round_body(CHARCOAL, 1.2))
    for x in range(266, 384, 9):
        art.fill(box(x, 112, 2.2, 40, 1).within(lid), BLACK, 0.20)
    art.fill(box(258, 100, 128, 4, 2).within(lid), WHITE, 0.16)
    art.fill(shape("M 288 372 L 322 322 L 340 347 L 350 334 L 376 372"), WHITE, 0.88)
    art.fill(shape("M 322 322 L 334 339 L 326 346 L 318 338 L 311 345"), sage, 0.9)
    art.fill(
        shape("M 256 262 C 258 236 276 222 282 206 L 290 206 C 284 232 274 240 273 270 L 273 508 L 258 508").soft(4),
        WHITE,
        0.34,
    )
    art.fill(box(394, 262, 7, 240, 4).soft(3), WHITE, 0.20)
    return art


def lamp() -> Art:
    art, grey = Art(rgb("#dcdfe6"), frame=(50, 64, 540)), rgb("#e9e9ea")
    cone = shape("M 176 168 L 420 140 L 520 552 L 96 552")
    art.fill(cone.soft(24).fading(0.92, 0.10), rgb("#ffe9ae"), 0.80)
    art.fill(ellipse(290, 552, 178, 24).soft(15), rgb("#fff0c6"), 0.80)
    art.shadow(402, 104, 15, 0.40)
    base = ellipse(402, 534, 106, 24)
    art.grade(ellipse(402, 544, 106, 24), round_body(rgb("#b9babd")))
    art.grade(base, [(0, rgb("#ffffff")), (1, rgb("#cfd0d3"))], 50)
    art.fill(ellipse(340, 536, 9, 4), rgb("#e63348"), 0.9)
    lower, upper = [(412.0, 526.0), (486.0, 330.0)], [(486.0, 330.0), (372.0, 142.0)]
    for limb in (lower, upper):
        art.shade(stroke([(x + 5, y + 4) for x, y in limb], 18), stroke(limb, 40), 4, 0.18)
        art.grade(stroke(limb, 19), [(0, tone(grey, 0.98)), (0.5, rgb("#f9f9f9")), (1, rgb("#a9abb0"))], 20)
        art.fill(stroke([(x - 4, y - 2) for x, y in limb], 3).soft(1), WHITE, 0.9)
    for x, y, radius in ((486, 330, 21), (412, 522, 17), (372, 144, 17)):
        art.grade(ellipse(x, y, radius, radius), [(0, rgb("#fafafa")), (1, rgb("#9a9ca1"))], 50)
        art.fill(ellipse(x, y, radius * 0.42, radius * 0.42), rgb("#77797f"), 0.9)
    head = box(150, 130, 300, 34, 17, -6.5)
    art.grade(head, [(0, rgb("#ffffff")), (0.45, rgb("#e6e7e9")), (1, rgb("#a8aab0"))], 84)
    light = box(168, 157, 268, 10, 5, -6.5)
    art.fill(light.soft(9), rgb("#fff0b8"), 1.0)
    art.fill(light, rgb("#fffbe8"))
    return art


def blanket() -> Art:
    art = Art(rgb("#e6ddd4"), frame=(60, 104, 520))
    art.shadow(318, 214, 18)
    colours = [rgb("#5b7b92"), rgb("#628299"), rgb("#5b7b92"), rgb("#67889f")]
    top = 548.0
    layers: list[Mask] = []
    for level, colour in enumerate(colours):
        height, inset = 88.0, (4, 0, 8, 3)[level]
        x, y, width = 106 + inset, top - height, 424 - 2 * inset
        fold = shape(
            f"M {x + 44} {y} L {x + width - 12} {y + 4} C {x + width + 8} {y + 8} {x + width + 8} {y + height - 8} "
            f"{x + width - 12} {y + height - 2} L {x + 40} {y + height} "
            f"C {x - 14} {y + height - 4} {x - 14} {y + 6} {x + 44} {y}"
        )
        if layers:
            art.shade(stroke([(x + 10, top + 3), (x + width - 4, top + 3)], 12), layers[-1], 6, 0.34)
        art.grade(
            fold,
            [(0, tone(colour, 1.26)), (0.35, tone(colour, 1.08)), (0.8, tone(colour, 0.86)), (1, tone(colour, 0.68))],
            90,
        )
        art.grade(fold, [(0, BLACK), (0.16, tone(colour, 0.8)), (0.4, WHITE), (0.75, colour), (1, BLACK)], 0, 0.13)
        for row in range(1, 14):
            line = stroke([(x - 8, y + row * 6.4), (x + width + 4, y + row * 6.4 + 1)], 1.3)
            art.fill(line.within(fold), BLACK, 0.055)
        for column in range(int(x) - 8, int(x + width) + 8, 14):
            art.fill(stroke([(column, y), (column + 2, y + height)], 1.2).within(fold), WHITE, 0.07)
        if level in {1, 3}:
            for offset, weight in ((0.30, 9), (0.46, 4), (0.58, 9)):
                band = stroke([(x - 8, y + height * offset), (x + width + 6, y + height * offset + 2)], weight)
                art.fill(band.within(fold), rgb("#f2e9da"), 0.80)
        layers.append(fold)
        top -= height - 6
    x, y = 118.0, top
    flap = shape(f"M {x + 34} {y + 6} L 522 {y + 12} C 530 {y + 16} 530 {y + 60} 522 {y + 64} L {x + 40} {y + 60}")
    art.fill(flap.soft(10).within(layers[-1]), WHITE, 0.16)
    art.grade(box(120, 480, 46, 36, 4), [(0, rgb("#fdf9f1")), (1, rgb("#e9dfce"))], 90)
    art.fill(stroke([(130, 492), (156, 492)], 2.4), rgb("#4d6a80"), 0.8)
    art.fill(stroke([(134, 502), (152, 502)], 2.0), rgb("#4d6a80"), 0.5)
    return art


def kettle() -> Art:
    art, steel = Art(rgb("#e2ddd7"), frame=(40, 94, 524)), rgb("#c9ccd0")
    art.shadow(316, 150, 16)
    art.grade(box(176, 522, 272, 28, 12), round_body(rgb("#3a3b3f")))
    art.grade(ellipse(312, 523, 134, 13), [(0, rgb("#5c5d62")), (1, rgb("#2c2d30"))], 20)
    art.fill(box(284, 533, 56, 8, 4), rgb("#15161a"))
    for index in range(5):
        art.fill(ellipse(293 + index * 9.5, 537, 2.2, 2.2), rgb("#ffcf7d") if index < 3 else rgb("#5a5b60"))
    spout = stroke(path("M 236 478 C 128 470 196 300 134 258 C 118 247 98 250 84 262"), [31.0, 13.0])
    art.grade(
        spout, [(0, tone(steel, 1.05)), (0.4, tone(steel, 0.88)), (0.75, tone(steel, 0.55)), (1, tone(steel, 0.8))], 35
    )
    art.fill(stroke(path("M 224 470 C 124 462 186 300 128 256"), [6.0, 3.0]).soft(1.6), WHITE, 0.75)
    arm = stroke(path("M 392 300 C 452 268 500 274 502 318"), 15)
    art.grade(arm, [(0, tone(steel, 1.3)), (1, tone(steel, 0.6))], 60)
    grip = shape(
        "M 488 306 C 486 296 520 296 522 310 C 530 366 524 424 500 470 C 494 480 472 472 476 462 "
        "C 492 410 496 360 488 306"
    )
    art.grade(grip, [(0, tone(WOOD, 0.72)), (0.3, tone(WOOD, 1.22)), (0.6, WOOD), (1, tone(WOOD, 0.58))], 6)
    for shift in (-7, 1, 8):
        art.fill(
            stroke(path(f"M {504 + shift} 304 C {512 + shift} 366 {506 + shift} 420 {488 + shift} 466"), 1.6).within(
                grip
            ),
            rgb("#5f3b20"),
            0.28,
        )
    body = shape(
        "M 238 262 C 234 330 190 420 186 496 C 185 514 194 522 210 522 L 416 522 C 432 522 441 514 440 496 "
        "C 436 420 392 330 388 262"
    )
    art.grade(body, round_body(steel, 1.35))
    art.fill(shape("M 252 272 C 246 340 214 420 210 500 L 232 504 C 232 430 262 340 264 272").soft(5), WHITE, 0.72)
    art.fill(shape("M 366 280 C 374 350 408 420 414 500 L 424 496 C 418 420 382 350 374 280").soft(4), WHITE, 0.35)
    art.fill(box(190, 500, 246, 26, 8).soft(6).within(body), rgb("#3f3d40"), 0.38)
    art.grade(shape("M 232 264 C 232 232 394 232 394 264 L 388 272 L 238 272"), round_body(tone(steel, 1.06), 1.3))
    art.grade(ellipse(313, 268, 78, 8), round_body(tone(steel, 0.8)), opacity=0.6)
    art.grade(shape("M 298 240 L 302 216 L 324 216 L 328 240"), round_body(tone(steel, 0.8), 1.2))
    art.grade(box(286, 190, 54, 30, 14), round_body(WOOD, 0.9))
    return art


def earbuds() -> Art:
    art, shell = Art(rgb("#dce3ea"), frame=(60, 104, 520)), rgb("#f4f4f3")
    art.shadow(320, 122, 14, 0.36)
    lid = shape("M 168 322 C 160 214 216 176 320 176 C 424 176 480 214 472 322")
    art.grade(lid, [(0, rgb("#ffffff")), (0.5, rgb("#ececec")), (1, rgb("#c8cacd"))], 70)
    inner = shape("M 188 322 C 182 236 230 200 320 200 C 410 200 458 236 452 322")
    art.grade(inner, [(0, rgb("#c3c6cb")), (0.6, rgb("#dcdee1")), (1, rgb("#f3f3f3"))], 90)
    for side in (-1, 1):
        _earbud(art, 320 + side * 62, 292, side)
    case = shape(
        "M 158 332 C 158 318 166 314 180 314 L 460 314 C 474 314 482 318 482 332 L 482 420 "
        "C 482 512 420 548 320 548 C 220 548 158 512 158 420"
    )
    rim = shape(
        "M 160 340 C 160 320 168 314 182 314 L 458 314 C 472 314 480 320 480 340 L 474 346 C 440 334 200 334 166 346"
    )
    art.grade(case, [(0, rgb("#ffffff")), (0.35, shell), (0.75, rgb("#dfe0e2")), (1, rgb("#b7babf"))], 62)
    art.grade(case, [(0, rgb("#b9bcc2")), (0.1, WHITE), (0.8, WHITE), (1, rgb("#a4a8af"))], 0, 0.35)
    art.grade(rim, [(0, rgb("#aeb1b6")), (0.5, rgb("#d6d8db")), (1, rgb("#9fa2a8"))], 0)
    art.fill(shape("M 196 372 C 196 450 224 498 276 518 L 262 526 C 204 506 178 450 182 372").soft(5), WHITE, 0.95)
    art.fill(ellipse(320, 400, 5.5, 5.5), rgb("#58c08a"))
    art.fill(ellipse(320, 400, 10, 10).soft(4), rgb("#7fe0ac"), 0.5)
    art.fill(box(296, 452, 48, 6, 3), rgb("#c9ccd1"))
    return art


def _earbud(art: Art, x: float, y: float, side: int) -> None:
    stem = box(x - 15 + side * 12, y - 44, 30, 100, 15, side * 6)
    art.fill(stem.soft(7), (0.2, 0.2, 0.24), 0.28)
    art.grade(stem, [(0, rgb("#ffffff")), (0.5, rgb("#f1f1f1")), (1, rgb("#b5b8bd"))], 10)
    head = ellipse(x, y - 50, 37, 33, side * 24)
    art.fill(head.soft(6), (0.2, 0.2, 0.24), 0.22)
    art.grade(head, [(0, rgb("#ffffff")), (0.55, rgb("#efefef")), (1, rgb("#adb0b6"))], 58)
    tip = ellipse(x - side * 29, y - 42, 15, 19, side * 22)
    art.grade(tip, [(0, rgb("#70757c")), (1, rgb("#33363b"))], 60)
    art.fill(ellipse(x - side * 33, y - 44, 6, 9, side * 22), rgb("#1f2124"), 0.85)
    art.fill(ellipse(x - 10, y - 62, 11, 7, -20).soft(2.5), WHITE, 0.95)


def backpack() -> Art:
    art, navy, tan = Art(rgb("#dde1df"), frame=(60, 56, 530)), rgb("#3f5566"), rgb("#d9a04a")
    art.shadow(320, 158, 18)
    for side in (-1, 1):
        strap = stroke(
            path(f"M {320 + side * 104} 220 C {320 + side * 186} 300 {320 + side * 176} 440 {320 + side * 142} 520"), 24
        )
        art.grade(strap, [(0, tone(navy, 0.75)), (1, tone(navy, 0.5))], 90)
    art.fill(stroke(path("M 286 118 C 286 74 354 74 354 118"), 13), tone(navy, 0.62))
    body = shape(
        "M 184 216 C 182 188 196 172 222 168 L 418 168 C 444 172 458 188 456 216 L 472 488 "
        "C 474 530 452 548 420 548 L 220 548 C 188 548 166 530 168 488"
    )
    art.grade(
        body,
        [
            (0, tone(navy, 0.70)),
            (0.2, tone(navy, 1.20)),
            (0.5, tone(navy, 1.04)),
            (0.84, tone(navy, 0.72)),
            (1, tone(navy, 0.6)),
        ],
    )
    art.grade(body, [(0, WHITE), (0.45, navy), (1, BLACK)], 90, 0.14)
    roll = box(182, 106, 276, 74, 30)
    art.shade(box(188, 168, 264, 26, 10), body, 8, 0.5)
    art.grade(
        roll, [(0, tone(navy, 1.38)), (0.35, tone(navy, 1.12)), (0.75, tone(navy, 0.76)), (1, tone(navy, 0.5))], 90
    )
    art.fill(stroke([(200, 144), (440, 144)], 2.4).within(roll), BLACK, 0.30)
    art.fill(stroke([(200, 122), (440, 122)], 5).soft(3).within(roll), WHITE, 0.30)
    pocket = shape(
        "M 214 352 C 214 336 224 330 238 330 L 402 330 C 416 330 426 336 426 352 L 434 492 "
        "C 435 512 424 520 408 520 L 232 520 C 216 520 205 512 206 492"
    )
    art.shade(pocket, body, 9, 0.45)
    art.grade(pocket, [(0, tone(navy, 0.84)), (0.25, tone(navy, 1.24)), (0.6, tone(navy, 1.06)), (1, tone(navy, 0.72))])
    art.fill(stroke([(226, 364), (414, 364)], 5), rgb("#22303b"), 0.9)
    art.fill(stroke([(226, 362), (414, 362)], 1.4), rgb("#9fb0bb"), 0.55)
    art.fill(stroke([(402, 366), (406, 392)], 4.5), tan)
    for x in (248, 392):
        belt = box(x - 11, 108, 22, 206, 5)
        art.shade(box(x - 8, 112, 24, 204, 5), body, 5, 0.35)
        art.grade(belt, [(0, tone(tan, 0.8)), (0.4, tone(tan, 1.18)), (1, tone(tan, 0.7))])
        art.grade(
            box(x - 17, 228, 34, 30, 6).without(box(x - 9, 235, 18, 16, 3)),
            [(0, rgb("#5f676e")), (1, rgb("#1f262b"))],
            60,
        )
        for row in range(114, 312, 5):
            art.fill(stroke([(x - 10, row), (x + 10, row)], 1.0).within(belt), BLACK, 0.10)
    patch = box(290, 424, 60, 40, 5)
    art.grade(patch, [(0, tone(tan, 1.12)), (1, tone(tan, 0.82))], 70)
    art.fill(shape("M 304 454 L 318 434 L 325 444 L 329 439 L 338 454"), rgb("#fbe9cf"), 0.9)
    art.fill(
        shape("M 200 230 C 196 320 190 420 190 500 L 202 500 C 204 410 208 320 214 230").soft(5).within(body),
        WHITE,
        0.22,
    )
    return art


def mug() -> Art:
    art, cream, blue = Art(rgb("#e5ddd3"), frame=(62, 66, 520)), rgb("#efe6d8"), rgb("#4f7286")
    art.shadow(300, 134, 17)
    handle = stroke(path("M 424 276 C 540 250 546 452 416 446"), 33)
    art.grade(handle, [(0, tone(cream, 0.86)), (0.5, tone(cream, 1.2)), (1, tone(cream, 0.66))], 40)
    art.fill(stroke(path("M 432 266 C 530 252 540 400 474 436"), 6).soft(3), WHITE, 0.6)
    body = shape("M 164 212 L 164 472 C 164 524 196 548 246 548 L 354 548 C 404 548 436 524 436 472 L 436 212")
    art.grade(body, round_body(cream, 0.82))
    wave = shape("M 160 396 C 196 372 236 420 282 396 C 330 370 372 424 440 388 L 440 552 L 160 552").within(body)
    art.grade(wave, round_body(blue, 0.95))
    art.fill(
        stroke(path("M 160 396 C 196 372 236 420 282 396 C 330 370 372 424 440 388"), 7).soft(2.5).within(body),
        rgb("#a9c0c6"),
        0.85,
    )
    for index in range(95):
        x, y = 168 + (index * 73.7) % 264, 224 + (index * 41.3 + index * index * 0.37) % 320
        size = 1.0 + (index * 29 % 10) * 0.13
        art.fill(ellipse(x, y, size, size * 0.9).within(body), rgb("#6d5742") if y < 390 else rgb("#22384a"), 0.50)
    art.grade(ellipse(300, 212, 136, 32), round_body(tone(cream, 1.1), 0.5))
    inside = ellipse(300, 214, 122, 25)
    art.grade(inside, [(0, tone(cream, 0.60)), (0.6, tone(cream, 0.82)), (1, tone(cream, 1.02))], 10)
    art.grade(ellipse(300, 225, 108, 16).within(inside), [(0, rgb("#40281a")), (1, rgb("#7a5236"))], 15)
    art.fill(ellipse(280, 221, 54, 5).soft(3).within(inside), rgb("#c99f74"), 0.6)
    art.fill(
        shape("M 190 252 L 190 470 C 190 498 200 512 214 522 L 228 522 C 212 506 208 492 208 470 L 208 252").soft(5),
        WHITE,
        0.55,
    )
    for x, shift in ((262, 0), (318, 14)):
        steam = stroke(
            path(f"M {x} {188 - shift} C {x - 30} {150 - shift} {x + 30} {124 - shift} {x} {86 - shift}"), [16.0, 5.0]
        )
        art.fill(steam.soft(8), WHITE, 0.50)
    return art


def mat() -> Art:
    art, plum, light = Art(rgb("#e2dde2"), frame=(60, 84, 552)), rgb("#7d5a83"), rgb("#b69abb")
    art.shadow(320, 220, 20, 0.46)
    art.ground = 548
    body = shape("M 182 352 C 300 340 420 340 520 348 C 566 354 566 538 520 546 C 420 552 300 552 182 546")
    art.grade(
        body,
        [
            (0, tone(plum, 0.92)),
            (0.16, tone(plum, 1.34)),
            (0.42, tone(plum, 1.05)),
            (0.78, tone(plum, 0.66)),
            (1, tone(plum, 0.52)),
        ],
        90,
    )
    for row in range(0, 22):
        y = 356 + row * 9
        art.fill(stroke([(180, y), (552, y - 2)], 1.2).within(body), WHITE, 0.07)
        for column in range(0, 38):
            art.fill(ellipse(190 + column * 10 + (row % 2) * 5, y + 4, 1.5, 1.2).within(body), BLACK, 0.10)
    sheet = shape("M 196 528 L 560 524 C 580 528 584 548 560 552 L 200 556")
    art.grade(sheet.without(body), [(0, tone(light, 1.05)), (1, tone(light, 0.72))], 90)
    end = ellipse(182, 449, 66, 98)
    art.grade(end, [(0, tone(light, 1.12)), (1, tone(light, 0.78))], 60)
    spiral = []
    for step in range(0, 301):
        angle, shrink = step / 300 * 2 * math.pi * 4.6 + 1.2, 1 - step / 300 * 0.94
        spiral.append((182 + math.cos(angle) * 61 * shrink, 449 + math.sin(angle) * 92 * shrink))
    art.fill(stroke(spiral, [5.0, 3.0]).within(end), tone(plum, 0.72), 0.95)
    art.fill(ellipse(182, 449, 9, 14), tone(plum, 0.42))
    for x in (292, 452):
        strap = shape(
            f"M {x - 15} 341 C {x + 22} 342 {x + 22} 550 {x - 15} 552 L {x + 17} 552 "
            f"C {x + 54} 550 {x + 54} 342 {x + 17} 341"
        )
        art.shade(strap, body, 7, 0.42)
        art.grade(strap, [(0, rgb("#5a5450")), (0.25, rgb("#8b837c")), (0.6, rgb("#4a4541")), (1, rgb("#2d2a28"))], 90)
        art.grade(
            box(x + 4, 420, 40, 34, 6).without(box(x + 13, 428, 22, 18, 3)),
            [(0, rgb("#f6f1e6")), (1, rgb("#a49a86"))],
            60,
        )
    carry = stroke(path("M 300 344 C 318 178 470 178 470 344"), 17)
    art.grade(carry, [(0, rgb("#8b837c")), (0.5, rgb("#5e5853")), (1, rgb("#3f3b38"))], 70)
    art.fill(stroke(path("M 306 330 C 326 190 460 186 466 318"), 2.2), WHITE, 0.22)
    return art


def candle() -> Art:
    art, amber = Art(rgb("#e6dbd0"), frame=(60, 40, 540)), rgb("#b06a3c")
    art.fill(ellipse(320, 190, 150, 150).soft(60), rgb("#ffd58a"), 0.55)
    art.shadow(320, 136, 17, 0.44)
    jar = shape(
        "M 190 258 C 190 246 198 242 206 242 L 434 242 C 442 242 450 246 450 258 L 450 508 "
        "C 450 536 436 548 412 548 L 228 548 C 204 548 190 536 190 508"
    )
    art.grade(jar, round_body(rgb("#c98a58"), 0.9))
    wax = shape("M 204 300 L 436 300 L 436 504 C 436 524 426 534 408 534 L 232 534 C 214 534 204 524 204 504")
    art.grade(wax, [(0, rgb("#d8ae7c")), (0.22, rgb("#fbe9c9")), (0.55, rgb("#f2d7ab")), (1, rgb("#bb8350"))])
    art.grade(box(204, 300, 232, 130, 4).soft(6).within(wax), [(0, rgb("#fff0c8")), (1, rgb("#f0cf9b"))], 90, 0.55)
    pool = ellipse(320, 301, 116, 19)
    art.grade(pool, [(0, rgb("#f3d29b")), (0.5, rgb("#fff6da")), (1, rgb("#e0b27a"))])
    rim = ellipse(320, 249, 130, 21)
    art.grade(
        rim.without(ellipse(320, 251, 122, 16.5)), [(0, rgb("#f6ddc0")), (0.4, WHITE), (1, rgb("#d29f73"))], 15, 0.92
    )
    art.fill(stroke([(320, 302), (321, 268)], 4), rgb("#3a2a20"))
    flame = shape("M 320 148 C 356 198 352 246 320 270 C 288 246 286 204 320 148")
    art.fill(flame.soft(16), rgb("#ffc65c"), 0.85)
    art.grade(flame, [(0, rgb("#ffb03b")), (0.55, rgb("#ffd772")), (1, rgb("#fff3cf"))], 90)
    art.fill(shape("M 320 196 C 336 222 336 246 320 262 C 304 246 304 222 320 196").soft(2), rgb("#fffdf0"), 0.95)
    label = shape("M 236 372 L 404 372 L 404 494 L 236 494")
    art.fill(label.soft(6), rgb("#6b3d1e"), 0.30)
    art.grade(label, [(0, rgb("#efe6d6")), (0.3, rgb("#fffaf0")), (1, rgb("#ddcfb9"))])
    art.fill(stroke([(250, 386), (390, 386), (390, 480), (250, 480), (250, 386)], 1.6), amber, 0.8)
    for x, angle in ((300, -48), (340, 48)):
        leaf = ellipse(x, 404, 8, 19, angle)
        art.grade(leaf, [(0, rgb("#8aa07a")), (1, rgb("#5d7450"))], 60)
    fig = shape(
        "M 320 396 C 325 410 346 424 346 446 C 346 462 334 472 320 472 "
        "C 306 472 294 462 294 446 C 294 424 315 410 320 396"
    )
    art.grade(fig, [(0, rgb("#8a5f86")), (0.5, rgb("#6b4268")), (1, rgb("#452a48"))], 40)
    art.fill(ellipse(307, 448, 5, 15, 18).soft(2.5), WHITE, 0.45)
    art.fill(box(208, 262, 12, 264, 6).soft(4), WHITE, 0.62)
    art.fill(box(426, 268, 7, 250, 4).soft(3), WHITE, 0.34)
    art.fill(box(200, 528, 240, 12, 6).soft(4).within(jar), WHITE, 0.25)
    return art


def powerbank() -> Art:
    art, slate = Art(rgb("#dde2e8"), frame=(60, 56, 544)), rgb("#4a5560")
    art.shadow(322, 150, 18, 0.46)
    cable = stroke(path("M 300 120 C 296 40 466 30 500 132 C 520 196 516 400 548 548"), 11)
    art.fill(cable.soft(6), (0.2, 0.2, 0.24), 0.16)
    art.grade(cable, [(0, rgb("#ffffff")), (1, rgb("#cfd2d6"))], 0)
    side = box(190, 136, 268, 414, 40)
    art.grade(side, [(0, tone(slate, 0.55)), (0.8, tone(slate, 0.72)), (1, tone(slate, 0.40))])
    face = box(178, 132, 262, 414, 38)
    art.grade(face, [(0, tone(slate, 1.30)), (0.4, tone(slate, 1.05)), (1, tone(slate, 0.74))], 62)
    art.fill(box(178, 132, 262, 414, 38).without(box(181, 135, 256, 408, 36)), WHITE, 0.34)
    sheen = polygon([(178, 132), (330, 132), (200, 546), (178, 546)]).within(face)
    art.fill(sheen, WHITE, 0.075)
    art.grade(box(284, 110, 34, 30, 6), [(0, rgb("#f4f5f6")), (1, rgb("#b6bac0"))], 0)
    art.fill(box(280, 130, 42, 7, 3.5), rgb("#1d2126"))
    art.fill(box(350, 130, 48, 7, 2), rgb("#1d2126"))
    art.fill(box(356, 132, 36, 3, 1), rgb("#5f86c8"))
    for index in range(4):
        on = index < 3
        if on:
            art.fill(ellipse(220 + index * 20, 500, 8, 8).soft(4), rgb("#9fd8ff"), 0.55)
        art.fill(ellipse(220 + index * 20, 500, 4.6, 4.6), rgb("#e8f6ff") if on else rgb("#2b323a"))
    bolt = shape("M 322 252 L 268 350 L 304 350 L 290 424 L 350 320 L 312 320 L 330 252")
    art.fill(bolt, WHITE, 0.90)
    art.fill(ellipse(404, 500, 12, 12).without(ellipse(404, 500, 9.5, 9.5)), WHITE, 0.55)
    return art


def pan() -> Art:
    art, iron = Art(rgb("#e3dcd3")), rgb("#43474c")
    art.fill(ellipse(276, 436, 226, 96).soft(20), (0.16, 0.12, 0.12), 0.36)
    art.fill(stroke([(420, 300), (590, 190)], 36).soft(18), (0.16, 0.12, 0.12), 0.20)
    grip = shape("M 404 300 C 450 268 520 196 556 152 C 572 132 602 142 596 168 C 590 192 486 292 432 338")
    art.grade(grip, [(0, tone(iron, 1.42)), (0.4, tone(iron, 1.05)), (1, tone(iron, 0.55))], 48)
    art.fill(ellipse(572, 164, 8, 12, 45), rgb("#e3dcd3"))
    art.fill(ellipse(572, 164, 8, 12, 45).without(ellipse(574, 166, 8, 12, 45)), BLACK, 0.4)
    art.fill(stroke([(438, 292), (546, 176)], 3).soft(1.4), WHITE, 0.35)
    outer = shape("M 60 356 C 60 238 476 238 476 356 C 474 440 408 500 268 500 C 128 500 62 440 60 356")
    art.grade(
        outer,
        [
            (0, tone(iron, 0.70)),
            (0.2, tone(iron, 1.22)),
            (0.5, tone(iron, 0.86)),
            (0.85, tone(iron, 0.48)),
            (1, tone(iron, 0.7)),
        ],
    )
    rim = ellipse(268, 354, 208, 91)
    art.grade(rim, [(0, tone(iron, 1.55)), (0.5, tone(iron, 1.2)), (1, tone(iron, 0.8))], 30)
    wall = ellipse(268, 357, 200, 85)
    art.grade(wall, [(0, tone(iron, 0.45)), (0.5, tone(iron, 0.72)), (1, tone(iron, 1.22))], 75)
    floor = ellipse(268, 376, 164, 63)
    art.grade(floor.soft(3), [(0, tone(iron, 0.92)), (0.45, tone(iron, 0.72)), (1, tone(iron, 0.58))], 40)
    for ring in range(1, 9):
        line = ellipse(268, 376, ring * 19.5, ring * 7.6).without(
            ellipse(268, 376, ring * 19.5 - 1.1, ring * 7.6 - 0.6)
        )
        art.fill(line, WHITE, 0.05)
    art.fill(ellipse(206, 352, 74, 17, -10).soft(11).within(floor), rgb("#bfd0e2"), 0.40)
    art.fill(ellipse(330, 404, 64, 12, -8).soft(10).within(floor), rgb("#d8b48a"), 0.25)
    for x, y in ((414, 330), (432, 350), (402, 350)):
        art.grade(ellipse(x, y, 7, 5.5), [(0, rgb("#d5d9dd")), (1, rgb("#5c6167"))], 60)
    return art


def notebook() -> Art:
    art, cover = Art(rgb("#e0ddd6"), frame=(50, 60, 556)), rgb("#2f5d62")
    art.ground = 552
    art.fill(box(164, 110, 322, 446, 14, 4).soft(20), (0.16, 0.13, 0.13), 0.36)
    for index, colour in enumerate((rgb("#e63348"), rgb("#e9b44c"))):
        ribbon = polygon(
            [
                (262 + index * 26, 530),
                (276 + index * 26, 530),
                (268 + index * 26, 600),
                (261 + index * 26, 592),
                (254 + index * 26, 600),
            ]
        )
        art.grade(ribbon, [(0, tone(colour, 0.7)), (1, colour)], 90)
    back = box(170, 92, 318, 452, 16, 4)
    art.fill(back, tone(cover, 0.52))
    pages = box(166, 96, 316, 446, 8, 4)
    art.grade(pages, [(0, rgb("#d9d0bd")), (1, rgb("#fbf6ea"))], 0)
    for index in range(6):
        art.fill(stroke([(486 - 4 - index * 1.8, 112), (456 - 4 - index * 1.8, 552)], 0.7), rgb("#b9ac93"), 0.6)
    front = box(156, 86, 316, 450, 16, 4)
    art.shade(front, pages, 4, 0.4)
    art.grade(front, [(0, tone(cover, 1.22)), (0.5, cover), (1, tone(cover, 0.76))], 58)
    spine = polygon([(172, 70), (206, 70), (174, 560), (140, 560)]).within(front)
    art.grade(spine, [(0, tone(cover, 0.62)), (0.7, tone(cover, 0.98)), (1, tone(cover, 0.7))], 0, 0.85)
    for row in range(11):
        for column in range(8):
            x, y = 246 + column * 23, 176 + row * 23
            tilt = math.radians(4)
            dx, dy = x - 314, y - 311
            px, py = 314 + dx * math.cos(tilt) - dy * math.sin(tilt), 311 + dx * math.sin(tilt) + dy * math.cos(tilt)
            bright = 0.75 if (row + column) % 7 else 1.0
            art.fill(ellipse(px, py, 2.5, 2.5), rgb("#e9c98a"), 0.85 * bright)
    elastic = polygon([(436, 90), (448, 91), (418, 542), (406, 541)])
    art.shade(polygon([(440, 92), (455, 93), (424, 542), (412, 541)]), front, 3, 0.45)
    art.grade(elastic, [(0, rgb("#1b2f33")), (0.5, rgb("#41606a")), (1, rgb("#16262a"))])
    plate = box(252, 446, 96, 44, 5, 4)
    art.fill(plate, rgb("#e9c98a"), 0.16)
    art.fill(plate.without(box(254, 448, 92, 40, 4, 4)), rgb("#e9c98a"), 0.9)
    art.fill(stroke([(270, 464), (330, 468)], 2.4), rgb("#e9c98a"), 0.9)
    art.fill(polygon([(156, 86), (330, 86), (180, 536), (140, 536)]).within(front), WHITE, 0.06)
    return art


PRODUCTS: dict[str, Callable[[], Art]] = {
    "bottle": bottle, "lamp": lamp, "blanket": blanket, "kettle": kettle, "earbuds": earbuds, "backpack": backpack,
    "mug": mug, "mat": mat, "candle": candle, "powerbank": powerbank, "pan": pan, "notebook": notebook,
}  # fmt: skip


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "assets" / "products"
    folder.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:] or PRODUCTS:
        file = folder / f"{name}.png"
        PRODUCTS[name]().save(file)
        print(f"{file}: {file.stat().st_size} bytes")


if __name__ == "__main__":
    main()
