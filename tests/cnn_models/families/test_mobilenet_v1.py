"""MobileNet v1: what its departures say, worked out by hand."""

import cnn_models


def test_stride_2_in_the_last_depthwise_layer_would_leave_too_little_work():
    built = cnn_models.spec("mobilenet_v1").exact_macs or 0
    pixel = 9 * 1024 + 1024 * 1024  # depthwise 3×3 and 1×1 of the last block
    with_stride_2 = built - (7 * 7 - 4 * 4) * pixel
    assert (round(with_stride_2 / 1e6), round(built / 1e6)) == (534, 569)
    assert "534M multiply-adds of the 569M" in cnn_models.spec("mobilenet_v1").departures[0]
