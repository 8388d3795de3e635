import torch
from torch import nn

import cnn_models
from analysis.vision.maps.layers import spatial_layers


def test_every_layer_is_a_module_and_the_last_ends_with_the_maps():
    found = spatial_layers("cifar_resnet20", (3, 32, 32))
    with torch.device("meta"):
        modules = dict(cnn_models.build("cifar_resnet20").named_modules())
    assert all(isinstance(modules[name], nn.Module) for name in found)
    assert found[-1] == "layer3"  # the stage that ends in the 8 × 8 maps before the pooling
    assert "fc" not in found
    assert "avgpool" not in found


def test_a_smaller_input_leaves_fewer_layers_with_places():
    large = spatial_layers("mobilenet_v1_x0_25", (3, 224, 224))
    small = spatial_layers("mobilenet_v1_x0_25", (3, 16, 16))
    assert 0 < len(small) < len(large)
