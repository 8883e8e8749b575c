//! Random listings as Rust compiles them, against a slow interpreter: values, gradients of the inputs, and of each layer's
//! parameters one projection. `UPDATE=1 cargo test -p graven-compiler compiled` writes this file.
#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(clippy::approx_constant, clippy::excessive_precision, reason = "the numbers are as they were printed")]

use graven::model;
use graven_tests::random_graphs::check;

model! { #[scalar(f64)] pub Net0(x: 3, y: 2) <
    v0 = Residual< v0inner = Dense(3, tanh) >(x),
    v1 = Concat(y, v0),
> }

#[test]
fn net_0() {
    let layers = [
        ("v0inner", -3.357731638398e-1),
    ];
    check::<Net0>(&[0.526077517381, -0.984687855794, 0.247350347529, -0.816729365825, 0.944861825778], &[0.879182501644, 0.626958472167, -0.517916107495, 0.621609968271, -0.998294775795], &layers);
}

model! { #[scalar(f64)] pub Net1(x: 3, y: 2) <
    v0 = Minimum(y, y),
    v1 = Subtract(y, y),
    v2 = Concat(x, v0, v1),
> }

#[test]
fn net_1() {
    let layers = [
    ];
    check::<Net1>(&[0.921060994003, -0.904072142017, 0.283662185463, 0.526077517381, -0.984687855794, 0.000000000000, 0.000000000000], &[0.621609968271, -0.998294775795, 0.708669774291, 0.053955420563, -0.780568180169], &layers);
}

model! { #[scalar(f64)] pub Net2(x: 3, y: 2) <
    shared2: Dense(2, tanh),
    v0 = Subtract(y, y),
    v1 = Dense(2)(x),
    v2 = shared2(v1),
    v3 = shared2(y),
    v4 = Concat(v0, v2, v3),
> }

#[test]
fn net_2() {
    let layers = [
        ("shared2", -5.668351431539e-1),
        ("v1", 4.469617411801e-1),
    ];
    check::<Net2>(&[0.000000000000, 0.000000000000, 0.842550693212, 0.301961511143, 0.926564631941, 0.324355622567], &[0.116021372610, -0.134229920472, 0.143525116395, 0.236010716979, -0.078265219960], &layers);
}

model! { #[scalar(f64)] pub Net3(x: 3, y: 2) <
    shared3: Dense(3, tanh),
    v0 = shared3(x),
    v1 = Maximum(v0, x, v0),
    v2 = Concat(y, v1),
> }

#[test]
fn net_3() {
    let layers = [
        ("shared3", -3.576059554456e-1),
    ];
    check::<Net3>(&[0.526077517381, -0.984687855794, 0.921060994003, -0.427678196311, 0.623847771936], &[0.964606432078, 0.302698733875, -0.027109889483, 0.621609968271, -0.998294775795], &layers);
}

model! { #[scalar(f64)] pub Net4(x: 3, y: 2) <
    v0 = Dense(1, tanh)(y),
    v1 = Minimum(x, x, x),
    v2 = Concat(v0, v1),
> }

#[test]
fn net_4() {
    let layers = [
        ("v0", 3.680530436282e-1),
    ];
    check::<Net4>(&[-0.668310017358, 0.921060994003, -0.904072142017, 0.283662185463], &[-0.998294775795, 0.708669774291, 0.053955420563, 0.151929342999, 0.165666404113], &layers);
}

model! { #[scalar(f64)] pub Net5(x: 3, y: 2) <
    v0 = Maximum(y, y),
    v1 = Add(x, x, x, x),
    v2 = Add(x, x),
    v3 = Concat(v0, v1, v2),
> }

#[test]
fn net_5() {
    let layers = [
    ];
    check::<Net5>(&[0.526077517381, -0.984687855794, 3.684243976012, -3.616288568068, 1.134648741853, 1.842121988006, -1.808144284034, 0.567324370926], &[4.807063701723, -0.851347090928, -3.672599396780, 0.621609968271, -0.998294775795], &layers);
}

model! { #[scalar(f64)] pub Net6(x: 3, y: 2) <
    v0 = Add(y, y, y, y),
    v1 = Subtract(y, y),
    v2 = Maximum(v1, v1, y),
    v3 = Add(y, v1, v2),
    v4 = Concat(x, v0, v3),
> }

#[test]
fn net_6() {
    let layers = [
    ];
    check::<Net6>(&[0.921060994003, -0.904072142017, 0.283662185463, 2.104310069524, -3.938751423177, 1.052155034762, -0.984687855794], &[0.621609968271, -0.998294775795, 0.708669774291, 2.188206286808, -3.655857107266], &layers);
}

model! { #[scalar(f64)] pub Net7(x: 3, y: 2) <
    shared1: Dense(1, tanh),
    v0 = Concat(x, x),
    v1 = Dense(1, tanh)(y),
    v2 = Add(x, x, x, x),
    v3 = Subtract(v2, x),
    v4 = shared1(v1),
    v5 = Concat(v0, v3, v4),
> }

#[test]
fn net_7() {
    let layers = [
        ("shared1", 4.600666634797e-1),
        ("v1", 2.689819138956e-2),
    ];
    check::<Net7>(&[0.921060994003, -0.904072142017, 0.283662185463, 0.921060994003, -0.904072142017, 0.283662185463, 2.763182982009, -2.712216426051, 0.850986556390, 0.606735602705], &[-0.925187770934, -2.604352970119, 4.395623640812, 0.017486671198, -0.004203778377], &layers);
}

model! { #[scalar(f64)] pub Net8(x: 3, y: 2) <
    shared3: Dense(3, tanh),
    v0 = shared3(x),
    v1 = Maximum(x, x),
    v2 = Subtract(v0, v0),
    v3 = Concat(y, y),
    v4 = Dense(2)(x),
    v5 = Concat(v1, v2, v3, v4),
> }

#[test]
fn net_8() {
    let layers = [
        ("shared3", 0.000000000000e0),
        ("v4", -6.746306497633e-1),
    ];
    check::<Net8>(&[0.921060994003, -0.904072142017, 0.283662185463, 0.000000000000, 0.000000000000, 0.000000000000, 0.526077517381, -0.984687855794, 0.526077517381, -0.984687855794, -0.922017025268, -0.136511285856], &[0.423151464220, -0.890557159019, 0.698807211997, 0.366669468158, -1.199635112966], &layers);
}

model! { #[scalar(f64)] pub Net9(x: 3, y: 2) <
    shared2: Dense(2, tanh),
    shared3: Dense(3, tanh),
    v0 = shared2(y),
    v1 = Average(x, x, x),
    v2 = Minimum(y, v0, v0),
    v3 = Dense(3, tanh)(v2),
    v4 = Add(y, v2, y, v0),
    v5 = Dense(2, tanh)(v1),
    v6 = Residual< v6inner = Dense(3, tanh) >(v3),
    v7 = Multiply(y, y, v0),
    v8 = shared2(v0),
    v9 = Minimum(v2, v5, v7),
    v10 = Minimum(y, v7, v4),
    v11 = shared3(x),
    v12 = Concat(v6, v8, v9, v10, v11),
> }

#[test]
fn net_9() {
    let layers = [
        ("shared2", -6.890706576744e-1),
        ("shared3", 6.287729757747e-2),
        ("v3", 3.817431366734e-1),
        ("v5", 6.619664338797e-1),
        ("v6inner", 1.418396902344e0),
    ];
    check::<Net9>(&[-0.273676600636, 0.626544343064, 0.114105192874, 0.764444010529, 0.244058754027, -0.613682967921, -0.984687855794, 0.256433761431, -2.629707944815, -0.546588071235, -0.427678196311, 0.623847771936], &[-0.924302231640, -0.221142620456, 0.368995703611, 0.146847100829, 3.210015297484], &layers);
}

model! { #[scalar(f64)] pub Net10(x: 3, y: 2) <
    shared3: Dense(3, tanh),
    v0 = Residual< v0inner = Dense(2, tanh) >(y),
    v1 = shared3(x),
    v2 = Maximum(v1, v1),
    v3 = Concat(v0, v2),
> }

#[test]
fn net_10() {
    let layers = [
        ("shared3", -3.569056427731e-1),
        ("v0inner", -1.077216854365e-1),
    ];
    check::<Net10>(&[0.849816888268, -1.922587632064, -0.546588071235, -0.427678196311, 0.623847771936], &[0.580664818116, 0.540928403368, -0.171747024366, 0.887864936660, -1.176388986978], &layers);
}

model! { #[scalar(f64)] pub Net11(x: 3, y: 2) <
    shared2: Dense(2, tanh),
    v0 = Average(y, y, y),
    v1 = Minimum(y, v0, y),
    v2 = Maximum(x, x, x),
    v3 = shared2(y),
    v4 = Add(v2, x, v2),
    v5 = Concat(v2, v2),
    v6 = Concat(v4, x),
    v7 = Dense(3, tanh)(v3),
    v8 = Concat(v2, x),
    v9 = Multiply(v8, v6, v5),
    v10 = Concat(v1, v7, v9),
> }

#[test]
fn net_11() {
    let layers = [
        ("shared2", -2.611562470210e-1),
        ("v7", 3.190559290794e-1),
    ];
    check::<Net11>(&[0.526077517381, -0.984687855794, 0.111289463477, 0.610259729089, -0.286308245601, 2.344155552364, -2.216820434840, 0.068473982648, 0.781385184121, -0.738940144947, 0.022824660883], &[9.820956065122, -6.191950816315, -0.119208678174, 0.808073701747, -1.143280232403], &layers);
}

model! { #[scalar(f64)] pub Net12(x: 3, y: 2) <
    shared3: Dense(3, tanh),
    v0 = Residual< v0inner = Dense(2, tanh) >(y),
    v1 = shared3(x),
    v2 = Residual< v2inner = Dense(3, tanh) >(v1),
    v3 = Maximum(v0, v0),
    v4 = Dense(1)(v1),
    v5 = Minimum(v1, x, v2),
    v6 = Add(v0, v0, v3, y),
    v7 = Concat(v4, v5, v6),
> }

#[test]
fn net_12() {
    let layers = [
        ("shared3", -1.848562294328e-1),
        ("v0inner", 4.705261487822e-1),
        ("v2inner", -2.656628548225e-2),
        ("v4", 3.009354662687e-1),
    ];
    check::<Net12>(&[0.532668485842, -0.546588071235, -1.254975816396, 0.006628449706, 3.075528182185, -6.752450751985], &[-0.913972829601, -0.278338157951, 0.703561572294, -4.062404879883, 4.548558325822], &layers);
}

model! { #[scalar(f64)] pub Net13(x: 3, y: 2) <
    shared2: Dense(2, tanh),
    v0 = shared2(y),
    v1 = Dense(1, tanh)(v0),
    v2 = Subtract(v1, v1),
    v3 = Dense(2)(v2),
    v4 = Add(x, x, x, x),
    v5 = Residual< v5inner = Dense(3, tanh) >(x),
    v6 = Maximum(v4, x, v5),
    v7 = Dense(2, tanh)(v1),
    v8 = Residual< v8inner = Dense(2, tanh) >(v0),
    v9 = Concat(v3, v6, v7, v8),
> }

#[test]
fn net_13() {
    let layers = [
        ("shared2", -3.386597028715e-1),
        ("v1", 2.357466991972e-1),
        ("v3", -8.840492346494e-1),
        ("v5inner", -1.628812353254e-2),
        ("v7", -5.512420659845e-1),
        ("v8inner", 1.066178432560e-1),
    ];
    check::<Net13>(&[0.501969872823, 0.419136715130, 3.684243976012, -0.250218078364, 1.134648741853, -0.629270464441, 0.147425393938, 0.152309249361, 0.739284644504], &[2.830699234307, 0.032775479349, -3.134303950560, 0.179401388154, -0.098378899556], &layers);
}

model! { #[scalar(f64)] pub Net14(x: 3, y: 2) <
    shared3: Dense(3, tanh),
    v0 = Maximum(x, x),
    v1 = Minimum(y, y, y),
    v2 = Multiply(v1, y),
    v3 = Dense(3)(v0),
    v4 = Dense(3)(v2),
    v5 = Dense(3)(v0),
    v6 = Maximum(v5, v3),
    v7 = Subtract(v3, v5),
    v8 = Dense(1, tanh)(v2),
    v9 = shared3(v0),
    v10 = Dense(1)(v2),
    v11 = Concat(v4, v6, v7, v8, v9, v10),
> }

#[test]
fn net_14() {
    let layers = [
        ("shared3", -6.250718462413e-1),
        ("v10", -3.929559833501e-1),
        ("v3", 1.878891495264e0),
        ("v4", 3.867927173620e0),
        ("v5", -7.756035854609e-1),
        ("v8", 2.655909731070e-1),
    ];
    check::<Net14>(&[0.082754748081, -1.117686737214, 0.205260816794, 0.811953609581, 0.747083209709, 0.233394784856, -1.237863511140, 0.755708006246, 1.043125879340, -0.635019242875, -0.546588071235, -0.427678196311, 0.623847771936, 0.733243025291], &[1.804920955565, -0.481344462543, -2.168795942404, -0.831736252954, -2.741504615167], &layers);
}

model! { #[scalar(f64)] pub Net15(x: 3, y: 2) <
    v0 = Maximum(y, y, y),
    v1 = Dense(1)(v0),
    v2 = Add(x, x, x),
    v3 = Maximum(v1, v1),
    v4 = Multiply(v1, v3),
    v5 = Add(y, y, y, y),
    v6 = Concat(v0, v5),
    v7 = Concat(v2, v4, v6),
> }

#[test]
fn net_15() {
    let layers = [
        ("v1", -1.407633197185e-2),
    ];
    check::<Net15>(&[2.763182982009, -2.712216426051, 0.850986556390, 0.014862168660, 0.526077517381, -0.984687855794, 2.104310069524, -3.938751423177], &[1.864829904812, -2.994884327384, 2.126009322874, -2.924056832089, -0.112261133245], &layers);
}
