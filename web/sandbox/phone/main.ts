import "../../chat/styles/tokens.css";
import "../base.css";
import "./phone.css";
import "./phone-app";
import { applyLook } from "../../chat/settings";

applyLook();
