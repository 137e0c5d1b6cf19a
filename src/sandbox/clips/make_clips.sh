#!/bin/sh
# Makes the sandbox's clips: for each aspect ratio one of a first run (blue) and one of a followup
# (orange), 3 s of H.264 with a ball that crosses the picture, a bar that fills and the ratio in
# large letters. Needs ffmpeg with libx264 and DejaVu (apt-get install ffmpeg fonts-dejavu-core).
# The results are checked in; run it only to change them.
set -eu
cd "$(dirname "$0")"
font=/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf

make_clip() {  # name ratio width height background ball caption
  width=$3 height=$4
  short=$((width < height ? width : height))
  side=$((short / 12 * 2))
  # Filter arguments end at a colon unless it is escaped.
  ratio=$(echo "$2" | sed 's/:/\\:/')
  ffmpeg -hide_banner -loglevel error -y \
    -f lavfi -i "color=c=$5:s=${width}x${height}:r=12:d=3" \
    -f lavfi -i "color=c=$6:s=${side}x${side}:r=12:d=3,format=yuva420p,geq=lum='p(X,Y)':cb='p(X,Y)':cr='p(X,Y)':a='255*lt(hypot(X-W/2,Y-H/2),W/2)'" \
    -f lavfi -i "color=c=white:s=${width}x$((short / 30 * 2)):r=12:d=3" \
    -filter_complex "[0][1]overlay=x='(W-w)*t/3':y='(H-h)*(0.5-0.4*cos(4*t))'[moving];
      [moving][2]overlay=x='-W+W*t/3':y=H-h[filling];
      [filling]drawtext=fontfile=$font:text='$ratio':fontcolor=white:fontsize=$((short * 3 / 10)):x=(w-text_w)/2:y=(h-text_h)/2-h/16,
      drawtext=fontfile=$font:text='$7':fontcolor=white:fontsize=$((short / 10)):x=(w-text_w)/2:y=h*0.68,format=yuv420p[out]" \
    -map '[out]' -c:v libx264 -profile:v high -preset veryslow -crf 32 -g 36 -movflags +faststart \
    -fflags +bitexact -flags:v +bitexact -map_metadata -1 "$1"
}

make_pair() {  # file ratio width height
  make_clip "$1.mp4" "$2" "$3" "$4" 0x1d3d8f 0x5fd0ff 'Motion sandbox'
  make_clip "$1-followup.mp4" "$2" "$3" "$4" 0xb34700 0xffe14d 'after a followup'
}

make_pair 16x9 16:9 320 180
make_pair 9x16 9:16 180 320
make_pair 1x1 1:1 240 240
make_pair 4x5 4:5 240 300
make_pair 21x9 21:9 420 180
